"""The bonus-malus schemes: pure, exact, standard library only; each algorithm module is frozen by golden files."""
