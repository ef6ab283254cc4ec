"""Who is needed, who is there: hours of work by role, a team within a budget, and the workforce that is published."""
