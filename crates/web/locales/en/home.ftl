home-title = What can my company get
home-measures = { $n ->
    [one] One measure is in the catalogue.
   *[other] { $n } measures are in the catalogue.
}
