"""How far the framework is lived: levels capped by evidence, claims beside them, and what changed."""
