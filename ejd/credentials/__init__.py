"""Accounts, passwords, signed-in sessions, throttling of failed attempts."""
