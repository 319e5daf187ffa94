/** Files of weights and training state: torch's formats, TorchScript archives and safetensors, read without executing anything and written atomically. */
package ai.modx.checkpoint;
