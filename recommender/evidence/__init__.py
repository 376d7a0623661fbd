"""From finding to decision to practice to practice in this school: pure functions, no I/O."""
