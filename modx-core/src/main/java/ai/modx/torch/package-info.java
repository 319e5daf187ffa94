/** The engine: TorchScript programs, native memory, tensors on their way between host, device and file. */
package ai.modx.torch;
