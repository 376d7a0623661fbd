"""A school's plan -> its strategies, the practices they name, and the evidence for each."""
