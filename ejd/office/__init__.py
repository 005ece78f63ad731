"""What the office sees and does across the whole school: what is left to do, everything about one person."""
