"""Official sources -> `corpus/evidence/`; one module a source."""
