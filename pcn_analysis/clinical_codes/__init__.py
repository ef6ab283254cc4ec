"""Lists of clinical codes that users bring: which code stands for which condition, measurement or medicine.

``folder`` reads a folder of lists by its manifest, and the lists that are shipped; ``layouts`` knows the published
shapes of such files; ``contract`` says what a list must state; ``systems`` knows the form of codes; ``matching`` says
what a recorded code stands for; ``suspicion`` finds members that somebody should look at.
"""
