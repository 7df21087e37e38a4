home-title = What can my company get
home-lead = Policies are written as rules that can be computed. See what your company can get, why, and what is still missing.
home-placeholder = Company name, code, or what you want to do
home-try = Try
home-example-compute = rent compute
home-example-hire = hire graduates
home-example-rent = office rent
home-begin = Begin
home-begin-hint = No sign-up. About ten questions; “I don’t know” is always an answer.
home-go-on = Go on answering
home-see-answer = See my answer
home-stat-open = Measures open in { $city }
home-stat-measures = Measures in the catalogue
home-stat-documents = Policy documents
home-stat-companies = Companies of the demo city (made up)
home-biggest = Open now in { $city }, the largest first
home-as-of = As of
home-at-most = Up to
home-no-end = no end stated
home-in-force-until = in force until { $date }
home-none-open = No measure that states an amount is open today. The catalogue has those that give a status, a service or no stated ceiling, and the windows to come.
home-all = See the catalogue
home-all-open = { $n ->
    [one] See the one
   *[other] See all { $n }
}
home-dates = Dates to come
home-dates-note = These are the dates that documents state. Measures without one take applications all year or by a later notice.
home-no-dates = No measure states a date to come. Measures without one take applications all year or by a later notice; see the catalogue.
home-closes = Applications close
home-opens = Applications open
home-takes-effect = Takes effect
home-expires = In force until this day
home-today = today
home-in-days = { $n ->
    [one] in { $n } day
   *[other] in { $n } days
}
home-and = {", "}
home-how = How it works
home-how-ask = Only questions that matter
home-how-ask-text = It asks what the most money depends on, and says why. What you don’t know you skip; it never counts as no.
home-how-answer = The best bundle first
home-how-answer-text = It finds the best set that may be taken together, with all exclusions and caps. Where an amount is open, it gives a range.
home-how-why = A reason for everything
home-how-why-text = Every condition shows whether it holds, on which clause and which facts, and what is lacking where it fails.
home-how-more = Read about the method
