"""When and by whom is taught: the timetable and the lessons made from it."""
