"""Escalation and the closed loop: declared rules, what was recorded, and what actions changed."""
