/**
 * What the toolkit needs of libtorch: programs in TorchScript, the lifetime of native memory, tensors outside the engine,
 * and the writers of torch's file formats.
 *
 * <p>Rules for code that computes with the engine's arrays:
 * <ul>
 *   <li>Everything a step makes dies with its {@link ai.modx.torch.NativeScope}; scopes are closed in reverse order by the
 *       thread that opened them.
 *   <li>On an array that is recorded for gradients, never use arithmetic with a Java number ({@code x.mul(2)}): the engine
 *       keeps the number in a Java buffer that may be collected before backward reads it. Multiply it into a constant, or
 *       make an array of the engine's own ({@code manager.full}).
 *   <li>Casts, copies and device moves from Java cut the graph; inside a TorchScript program they do not.
 *   <li>A direct buffer given to the engine on the CPU is not copied: it must not be refilled while the array lives.
 *   <li>bfloat16 never leaves a TorchScript program: touching such an array from Java aborts the process.
 * </ul>
 */
package ai.modx.torch;
