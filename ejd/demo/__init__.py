"""A believable school, made by the same import and services as a real one."""
