# Each line is a task of ejd/dev.py, which works alone where there is no make (Windows).
PYTHON ?= python3

.PHONY: run test bench september soak lint e2e pictures attack
run test bench september soak lint e2e pictures attack:
	@$(PYTHON) -m ejd.dev $@
