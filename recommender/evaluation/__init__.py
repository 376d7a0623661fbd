"""How good the ranking is, beside the baselines that it has to beat."""
