"""Network footprints: where the patients of a Primary Care Network live, and who else serves them."""
