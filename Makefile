# Each line is a task of ejd/dev.py, which works alone where there is no make (Windows).
PYTHON ?= python3

.PHONY: run test bench soak lint e2e attack
run test bench soak lint e2e attack:
	@$(PYTHON) -m ejd.dev $@
