package ai.modx.data;
import java.nio.ByteBuffer;
public record Batch(int epoch, int[] indices, ByteBuffer images, int[][] tokens) implements AutoCloseable {
  public int size() { return indices.length; }
  @Override public void close() {}
}
