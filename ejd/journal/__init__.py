"""What a teacher keeps: marks, attendance, topics, homework, and the rules of their deadlines."""
