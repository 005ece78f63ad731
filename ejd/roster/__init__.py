"""Who is at school: classes, subgroups, pupils, guardians, staff, enrolment, teaching load."""
