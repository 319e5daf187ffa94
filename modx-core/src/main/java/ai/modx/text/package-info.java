/** OpenAI's byte pair tokenizer. */
package ai.modx.text;
