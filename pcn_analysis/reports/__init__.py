"""Run the notebooks for every network and make the pages and their index."""
