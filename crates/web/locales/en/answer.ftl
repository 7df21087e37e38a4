answer-title = What I can get
answer-title-of = What { $name } can get
answer-empty = You have not told us anything yet, so there is no answer. Answer a few questions first: usually twelve at most, and you may skip what you do not know.
answer-begin = Begin
answer-back = Back to the answer
answer-dates = By the rules of { $on }, and by what was published and recorded by { $known }.
answer-change-dates = See another date
answer-on = Date whose law applies
answer-on-hint = Usually the day on which you apply.
answer-known-on = Date as known on
answer-known-on-hint = Only policies published and facts recorded by this date count. Usually the same date.
answer-date-wrong = “{ $text }” is not a date. Write it as 2026-05-20.
answer-date-range = “{ $text }” is out of range: the year must be from { $first } to { $last }.
answer-reassess = Assess again
answer-own-dates = Back to the first dates

answer-shared = Someone shared this answer with you. You can read it until { $until }, and cannot change it.
answer-start-from = Start from these facts

answer-bundle = Best bundle
answer-no-money = No money is available at present.
answer-sure = Sure
answer-now = To apply for now, at most
answer-most = Once facts are known, at most
answer-plot = { $sure } for sure, { $now } at most to apply for now, { $most } at most once facts are known
answer-no-ceiling = { $n ->
    [one] One more has no stated ceiling and is not counted:
   *[other] { $n } more have no stated ceiling and are not counted:
}
answer-apply-order = Apply in this order
answer-until = until { $date }
answer-cut = These rules limit the amount:
answer-later = { $n ->
    [one] One more may follow once facts are known, { $most } at most
   *[other] { $n } more may follow once facts are known, { $most } at most
}
answer-later-open = ({ $n } of them without a stated ceiling)
answer-second = Runner-up:
answer-second-swap = “{ $instead }” instead of “{ $dropped }”.
answer-second-without = Without “{ $dropped }”.
answer-second-with = With “{ $instead }” as well.
answer-not-proven = There are too many measures to prove that this set is the best.
answer-others = Benefits that are not money
answer-conflicts = Texts that contradict each other; nothing was settled silently

answer-questions = Most worth answering next
answer-go-on = Go on
answer-my-answers = See and change my answers
answer-stake = { $amount } at stake

answer-deadlines = Deadlines
answer-no-deadline = None of the measures that you can apply for states a deadline.
answer-documents = Documents to bring

answer-print = Print
answer-print-version = Version for printing
answer-share = Share or subscribe
answer-ics = Deadlines (calendar file)
answer-feed = Deadlines (calendar)
answer-csv = Table (CSV)
answer-json = Data (JSON)
answer-calendar = Deadlines of support measures
answer-calendar-of = { $name }: deadlines of support measures

answer-all = All measures
answer-group-eligible = Eligible
answer-group-undetermined = Undetermined
answer-group-needs-person = Needs a person
answer-group-not-eligible = Not eligible
answer-group-cannot-pay = Cannot pay on this date: expired, closed, not yet in force, or a draft
answer-group-not-for-you = Of other places, or for other kinds of party
answer-filter-kind = Benefit
answer-filter-level = Level
answer-filter-all = All
answer-filter-apply = Filter
answer-filter-clear = Show all
answer-sort = Sort
answer-sort-amount = by amount
answer-sort-deadline = by deadline
answer-more = { $n } more
answer-all-reasons = All reasons

answer-measure-title = { $name }: reasons
answer-potential = { $amount } if every open condition turns out well
answer-missing = Missing facts
answer-open = To be settled by a person
answer-by = ({ $who })
answer-conditions = Conditions
answer-computation = How the amount comes about
answer-payout = Paid in parts
answer-rule = See the rule of this measure
answer-in-force = in force from { $from } to { $to }
answer-in-force-from = in force from { $from }
answer-in-force-to = in force until { $to }
answer-in-force-unstated = dates not stated by the source
answer-disputed = sources disagree
answer-as-of = as of { $date }
answer-unknown = unknown
answer-holds = Holds:
answer-fails = Fails:
answer-not-known = Not known:

answer-share-title = Share or subscribe
answer-share-what-of = You share { $n } facts about { $name } and the answer that follows from them. Whoever has the link can read all of these facts and change none.
answer-share-what = You share the { $n } facts that you entered and the answer that follows from them. Whoever has the link can read all of these facts and change none.
answer-share-saved = Keep a copy that deletes itself
answer-share-saved-text = A copy is kept on this site. It stays as it is when you change your answers later.
answer-share-days = For how long
answer-share-days-n = { $n } days
answer-share-days-wrong = Choose 7, 30 or 90 days.
answer-share-too-many = You can share { $most } copies at a time. End one of them first.
answer-share-make = Make a link
answer-share-links = Shared now
answer-share-until = Made on { $made }, ends on { $until }
answer-share-feed = Subscribe to the deadlines (add this address to your calendar)
answer-share-open = Open
answer-share-end = End sharing
answer-share-end-text = A link stops working at once when you end it. Once you clear the cookies of this browser you can no longer end it early.
answer-share-packed = Facts in the link; this site keeps nothing
answer-share-packed-text = The facts stand after “#”. Browsers do not put this part into the address that they send to any server. Such a link does not end and cannot be called back.
answer-share-packed-label = Link with the facts
answer-copy = Copy
answer-copied = Copied

answer-held-noscript = If you opened a link that holds facts (its address has “#f=”), scripts must be allowed to read them.
answer-import-title = Facts that someone shared
answer-import-of = Here are { $n } facts about { $name }.
answer-import-holds = Here are { $n } facts.
answer-import-not-kept = Nothing has been saved yet.
answer-import-which = Which facts
answer-import-replaces = You have entered { $n } facts of your own. Using these replaces them.
answer-import-replace = Replace my answers
answer-import-take = Use these facts
answer-import-keep-own = Keep my answers
answer-import-leave = Do not use them
