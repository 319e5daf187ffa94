package ai.modx.config;

/** A mistake in a flag, recipe or model table: the message says what, where, the value, what was expected. Exit code 2. */
public final class ConfigException extends RuntimeException {

    public ConfigException(String message) {
        super(PlainText.of(message));
    }
}
