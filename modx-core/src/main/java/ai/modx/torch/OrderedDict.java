package ai.modx.torch;

import java.util.Map;

/**
 * Marks a map that is to be written as Python's {@code collections.OrderedDict}, the type of torch's state dicts, instead
 * of as a plain dict.
 *
 * @param items the entries, in the order in which they are written
 */
public record OrderedDict(Map<?, ?> items) {}
