"""Steps that change the tables, one file each; `service.store.migrate` runs them."""
