search-title = Search
search-title-of = Search for “{ $q }”
search-hint = Company name, code, or what you want to do
search-no-such-code = The code is correct, but the demo registry has no such company.
search-meant = Did you mean this one
search-without = Answer the questions without a registry entry
search-empty = Type a company's name, its social credit code, or what you want to do.
search-nothing = No company or measure was found for “{ $q }”.
search-try = You could try:
search-example-1 = rent compute
search-example-2 = robots
search-example-3 = high-tech enterprise
search-or-ask = Or answer a few questions and see what you can get
search-companies = Companies
search-companies-count = { $n ->
    [one] one
   *[other] { $n } in all
}
search-made-up = The companies of the demo registry are made up.
search-narrow = Only the nearest { $n } are listed; type more of the name.
search-measures = Measures
search-measures-count = { $n ->
    [one] one
   *[other] { $n } in all
}
search-all-measures = See all { $n } in the catalogue
search-up-to = up to
search-open = open
