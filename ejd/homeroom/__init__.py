"""The class teacher's room: notes to families and their answers, the week's acknowledgement, the class at a glance."""
