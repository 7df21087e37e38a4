// Charts from the tables beside them.
