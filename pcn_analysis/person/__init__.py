"""What the records of one person say on an index date: conditions, medicines, measurements, activity."""
