/** How fast the toolkit is on this machine: what {@code scripts/bench.sh} prints. */
package ai.modx.bench;
