ask-title-error = Error:{" "}
ask-why = Why we ask:
ask-more-measures = { $n ->
    [one] One more measure waits for these answers.
   *[other] { $n } more measures wait for these answers.
}
ask-mistakes = { $n ->
    [one] One answer needs mending. Your other answers are kept.
   *[other] { $n } answers need mending. Your other answers are kept.
}
ask-open-is-unknown = Leave open what you do not know. It does not count as no.
ask-next = Next
ask-rest-none = The rest: none
ask-rest-none-means = “The rest: none” answers no to every question left open, and none to every number of things left open. Amounts, dates and the like stay unknown.
ask-cancel = Leave it as it was
ask-answer-now = See the answer now
ask-yes = Yes
ask-no = No
ask-unknown = I don’t know
ask-none-of-these = None of these
ask-at-stake = At stake: { $money }
ask-proof = Proof: { $proof }
ask-disputed = Sources differ: { $values }
ask-source = From: { $source }
ask-year = { $year }
ask-label-of-year = { $label }, { $year }
ask-label-of-record = { $label } ({ $id })
ask-so-far = So far
ask-sure = Sure
ask-possible = Possible
ask-progress = Progress
ask-steps = { $answered ->
    [one] One question answered
   *[other] { $answered } questions answered
}, about { $left } left
ask-on-day = By the policies of { $day }
ask-my-answers = My answers
ask-done = That is all
ask-done-text = No further answer can change the money of the best bundle.
ask-done-skipped = { $n ->
    [one] There is one thing that you do not know. With it the result could change.
   *[other] There are { $n } things that you do not know. With them the result could change.
}
ask-done-others = { $n ->
    [one] One more question concerns only statuses and other benefits than money.
   *[other] { $n } more questions concern only statuses and other benefits than money.
}
ask-answer-these-too = Answer these too
ask-see-answer = See the answer
ask-start-title = What can I get
ask-start-lead = You are asked first what most money hangs on. You may leave open what you do not know, and change any answer later.
ask-start-replaces = You have answered some questions already. If you begin anew, the new answers replace them.
ask-go-on = Go on
ask-start-nothing = Begin with nothing
ask-start-nothing-text = About ten questions usually lead to an answer.
ask-start-organisation = I ask for a company or institution
ask-start-person = I ask for myself
ask-start-registry = Begin with a company’s name or code
ask-start-code = Company name or unified social credit code
ask-start-code-hint = The companies of the demo registry are made up. What is registered is filled in, with its source.
ask-start-look-up = Look up
ask-start-file = Begin with a file
ask-start-choose-file = Choose a file
ask-start-file-hint = YAML, JSON, or CSV with one row; 8 MB at most. A file that you downloaded from “My answers” will do.
ask-start-upload = Upload
ask-start-privacy = Your answers are kept on this server under a random name that nobody can guess. They are deleted 30 days after your last answer, or whenever you delete them.
ask-line = Line { $n }:
ask-more-mistakes = { $n ->
    [one] One more is not listed.
   *[other] { $n } more are not listed.
}
ask-company-lead = { $n ->
    [one] The registry knows one thing about this company. You can change it later.
   *[other] The registry knows { $n } things about this company. You can change each of them later.
}
ask-company-begin = Begin with these
ask-company-other = Another company
ask-company-known = What is registered
ask-fact = Fact
ask-value = Value
ask-from = Source
ask-no-answers = There are no answers yet.
ask-change = Change
ask-take-back = Take back
ask-own-answer = Your answer
ask-keep-or-delete = Keep or delete
ask-download = Download my answers
ask-begin-anew = Begin anew
ask-forget = Delete all answers
