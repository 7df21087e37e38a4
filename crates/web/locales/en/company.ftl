company-made-up = Made-up company
company-code = Unified social credit code
company-founded = founded { $date }
company-known = { $n ->
    [one] The registers know one fact of this company, as of { $date }. You can start from it and change it.
   *[other] The registers know { $n } facts of this company, as of { $date }. You can start from them and change any of them.
}
company-replaces = You have answers already. Starting from this company replaces them.
company-go-on = Go on with your answers
company-begin = Start with these facts
company-open-measures = Measures open in its district
company-years = Figures by year
company-registers = What the registers know
company-fact = Fact
company-as-of = as of { $date }
company-source = Source
company-unknown = not known
company-disputed = Sources differ: { $values }
company-label-of-year = { $label }, { $year }
company-rights = Intellectual property
company-no-rights = { $source }: no rights are registered.
company-rights-count = { $n ->
    [one] { $source }: one right is registered.
   *[other] { $source }: { $n } rights are registered.
}
company-rights-list = See each of them
company-not-known = What the registers do not know
company-not-known-text = None of this counts as “no” or zero. You are asked where it can change the result.
