# What one does with this project, by name. Flags for Maven: make test MAVEN='mvn -o'.
MAVEN ?= mvn -B -ntp
FUZZ_INPUTS ?= 100000
FUZZ_SEED ?= 1

.PHONY: help build test verify fuzz bench clean

help:    ## lists these targets
	@sed -n 's/^\([a-z]*\): *## */  \1\t/p' Makefile

build:   ## what the launchers in scripts/ run
	$(MAVEN) -q -DskipTests package

test:    ## all tests but the slow ones: a minute
	$(MAVEN) -q package -DexcludedGroups=slow

verify:  ## everything, as continuous integration does
	.ci/run

fuzz:    ## FUZZ_INPUTS made-up files over all readers, and what became of them
	$(MAVEN) -q -pl modx-core -am test -Dtest=HostileFilesTest -Dsurefire.failIfNoSpecifiedTests=false -Dfuzz.total=$(FUZZ_INPUTS) -Dfuzz.seed=$(FUZZ_SEED)
	@cat modx-core/target/fuzz/table.txt

bench:   ## how fast this machine is
	scripts/bench.sh

clean:   ## removes what was built
	$(MAVEN) -q clean
