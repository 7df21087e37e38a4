// Small improvements of pages that also work without scripts.
