# Lines
lines = Lines
state-OPEN = OPEN
state-LATE = LATE
state-DOWN = DOWN
state-PAUSED = PAUSED
state-LOCKED = LOCKED
state-UNKNOWN = UNKNOWN
blame-this-machine = This machine is at fault
blame-own-network = Our own network is at fault
blame-clock = The clocks are apart
blame-relay = { $named ->
    [yes] Relay { $number } is at fault ({ $operator })
   *[no] Relay { $number } is at fault
  }
blame-their-machine-or-network = Their machine or network is at fault
blame-their-watch = Nobody answers at their watch
pairing-unfinished = Pairing is not finished here
continuity-broken = Continuity broken: compare these groups with the other side by other means
continuity-refused = Continuity refused: the line carries nothing
their-store-full = Their store is full
strip = { $opened } of the last { $all } rounds opened
rounds-opened = Rounds opened
machine = Machine
watch = Watch
path = Path
direct = direct
healed = healed { $rounds } rounds ago
sending = On its way
waits-for-us = Waits for us
nothing-waits = Nothing waits for us
more = and { $count } more
no-lines = There is no line yet. Pair one with the other side.
dummy-line = Practice line
line = Line
ring-them = Drill: ask for a person there
drill-says = A drill rings the watch at the other side. Only a person's hand answers it.
drill = DRILL
details = Details
carrier-down = The carrier of this machine is not connected
store-full = The store is full

# Ages
age-s = { $count } s
age-min = { $count } min
age-h = { $count } h
age-d = { $count } d
never = never

# Messages
messages = Messages
message = Message
no-messages = No messages on this line.
pick-a-message = Choose a message, or write one.
fetching = Fetching the text
bytes = { $count } bytes
cut = ({ $count } more characters are not shown)
direction-in = FROM THEM
direction-out = FROM US
precedence = Precedence
precedence-flash = FLASH
precedence-immediate = IMMEDIATE
precedence-priority = PRIORITY
precedence-routine = ROUTINE
grade = Grade
grade-service = service
grade-talk = talk
grade-note = note
grade-notice = notice
grade-service-says = between operators only
grade-talk-says = off the record, deniable
grade-note-says = formal, unsigned
grade-notice-says = ON THE RECORD, signed
mark-EXERCISE = EXERCISE
mark-TEST = TEST
exercise-band = EXERCISE EXERCISE EXERCISE
stages = Stages
stage-draft = draft
stage-released = released
stage-sent = sent
stage-stored = stored
stage-read = read
stage-translated = translated
stage-passed = passed
stage-seen = seen
stage-answered = answered
stage-declined = declined
stage-not-now = not now
by-here = here
by-there = there
acknowledge-in = Acknowledge within
they-acknowledge-in = They acknowledge within
say-read = Acknowledge
say-passed = Hand to a post
say-seen = Seen by principal
say-answered = Answered
say-not-now = Not now
say-declined = Decline
passed-says = The other side sees to which post it was handed.
post = Post
reply = Reply
back = Back
answered = answered

# Writing
composer = Write
write = Write
write-here = Write here
text = Text
to = to
cells = { $count ->
    [one] { $count } cell
   *[other] { $count } cells
  }
too-long = { $count } bytes too long
there-at = there at
there-when-open = there when the line opens
they-have = they have
send = Send
being-sent = Being sent
send-lost = No answer from the station. It is asked again; the text is sent once.

# The watch
nobody = nobody
has-the-watch = { $initials } has the watch since
unattended = Nobody has the watch
take-the-watch = Take the watch as { $initials }
hand-over = Hand over
hand-over-to = To (initials)
answer-drill = Answer for the watch
drills-wait = { $count ->
    [one] A drill waits for an answer
   *[other] { $count } drills wait for an answer
  }
sound = Sound
sound-test = Sound test
sound-says = The desk rings when a FLASH or a drill waits, when a clock has run out, and when something waits and nobody has the watch.
sound-heard = I heard it
sound-not-heard = Go on without sound

# The page
tools = Tools
wall = Wall
cover = Cover
keys = Keys
lock = Lock
panic = Panic
close = Close
language = Language
screen-not-live = SCREEN NOT LIVE
screen-not-live-why = Nothing from the station for { $seconds } s. What lies below is old.
waiting-for-station = Waiting for the station
idle-soon = Nobody has touched this desk. It locks within a minute.
key-help = Keys, language, what this does
key-acknowledge = Acknowledge the most urgent message
key-write = Write on the chosen line
key-answer = Answer for the watch
key-cover = Cover the screen, and uncover it
key-wall = Wall: lines only, large
key-send = Send what is written
panic-says = This erases the store of this station: all lines, keys and messages. Nobody can bring it back.
panic-type = Type ERASE
panic-do = Erase everything

# Signing in
sign-in = Sign in
sign-in-again = This page was loaded anew. Sign in again, or open a new link.
operator-name = Operator
passphrase = Passphrase
passphrase-again = Passphrase, again
passphrase-hint = At least 12 characters. Nobody can recover it.
passphrases-differ = The two passphrases differ.
passphrase-old = Passphrase now
passphrase-new = New passphrase
change-passphrase = Change my passphrase
change-passphrase-says = What you have open at other seats ends; this seat stays yours.
initials = Initials
initials-hint = 1 to 4 Latin letters or digits. The other side sees them.
no-seat = This page has no seat
no-seat-why = The link was used, is too old, or there was none. Ask for a new one at this machine:
station-locked = The store of this station is locked. Its passphrase opens it.
station-passphrase = Passphrase of the station
unlock = Unlock
step = Step { $step } of { $of }
go-on = Go on
first-operator = The first operator
first-operator-says = You administer this station and may add the others.

# What this is
about-does = What this does
about-does-1 = Every round it sends the same cell, talk or no talk: nobody outside can tell whether the line is in use.
about-does-2 = It says “stored” only when the far disk has the message. Nothing is lost, nothing comes twice.
about-does-3 = It shows apart that their machine answers, and that a person is on watch there.
about-does-4 = Unsigned talk is deniable: either side alone could have made any transcript of it.
about-not = What this does not do
about-not-1 = It does not hide that this machine takes part. On a direct line everybody sees that two addresses exchange frames.
about-not-2 = It does not protect from someone who controls this machine or looks at this screen.
about-not-3 = It does not make the other side keep a secret.
about-not-4 = It does not replace the passphrase: who forgets it has lost the store.

# Pairing
pair-a-line = Pair a line
pair-offer-says = Each side makes a card and gives it to the other in person. A card is secret until the pairing is confirmed.
line-name = Name of the line here
pair-at = Where they reach this machine
pair-at-hint = HOST:PORT, for the direct venue
pair-venue = Venue
pair-venue-hint = How its id begins, for a line over relays
pair-replace = Replace a card that was made before
make-card = Make my card
pair-card-says = Give them your card, take theirs.
my-card = My card
their-card = Their card
save-file = Save as a file
from-file = or from a file, or from a picture of their QR code
card-code = My card as a QR code
camera-scan = Scan with the camera
camera-off = Turn the camera off
camera-says = Hold their QR code before the camera.
seen-card = Their card was read.
seen-another = This is no card.
seen-no-code = No QR code was found in this picture.
seen-no-camera = No camera can be used here. Allow it in the browser, or take a picture or a file.
take-card = Take their card
check-says = Read this number aloud to each other. It must be the same on both screens.
check-same = The same: confirm
check-differs = It differs: cancel
paired = Paired. The line opens within seconds:

# What the station refused
refusal-usage = The station does not understand this. Correct it and try again.
refusal-malformed = This is damaged or no such thing.
refusal-out-of-range = This is too long or too large.
refusal-not-found = There is no such thing here.
refusal-full = The store is full. Nothing was kept.
refusal-io = The disk of the station fails.
refusal-conflict = Somebody was first, or it cannot be done now.
refusal-old = This was changed since you read it. It is shown as it is now: read it, then decide. Nothing was done.
refusal-refused = You may not do this, or name and passphrase do not fit.
refusal-locked = The store is locked.
refusal-no-station = The station does not answer.
refusal-other = The station could not do this.

# Operators
operators = Operators
role = Role
role-officer = officer
role-releaser = releaser
role-interpreter = interpreter
role-principal = principal
role-archivist = archivist
role-admin = administrator
every-line = every line
new-operator = A new operator
add-operator = Add
change-operator = Change
remove-operator = Remove { $name }
change-ends-seats = A change ends what they have open at the desk. An empty passphrase stays as it was.
back-to-new = A new one instead

# Drafts
drafts = Drafts
draft-private = only for the drafter
draft-offered = offered
keep-draft = Keep as a draft
offer = Offer
offer-second = Offer to a second officer
release = Release
discard = Discard
change-draft-says = A change takes back the offer: others see the new text only when you offer it again.
draft-gone = This draft is no longer there: it was released or discarded. What you wrote here was not kept.
waits-for-second = waits for a second person
to-release = To release: { $count }
answers-a-message = Answers a message of theirs.
answers-none = It answers none

# Translation
translation = Translation
original-counts = The original counts.
translate = Translate
translate-anew = Translate anew
translated-by = translated by
reviewed-by = reviewed by
certified-by = certified by
review = Reviewed: it is right
certify = Certify
keep = Keep

# Read-back
read-back = Read-back
read-back-asked = asked for
read-back-given = given
read-back-confirmed = confirmed
read-back-wrong = wrong
read-back-says = What did you understand? The sender says whether it is right.
read-back-give = Read back
read-back-good = It is right
read-back-bad = It is wrong

# Files and search
send-file = Send a file
file-says = At most 1 MB, as ROUTINE. It goes as soon as it is chosen.
file-never-shown = The desk never opens it.
search = Search this line
found = { $count } found

# Exercise
exercise-begin = Begin an exercise
exercise-end = End the exercise

# The protocol sheet
sheet = Protocol sheet
sheet-says = What is agreed to be said on this line, in both languages. It is kept here and never sent.
sheet-none = Nothing is agreed yet.
sheet-titles = Titles
sheet-salutations = Salutations
sheet-phrases = Coded phrases
sheet-code = Code
sheet-ours = In our language
sheet-theirs = In their language
sheet-by = Written by
change = Change
add-entry = Add an entry
remove-entry = Remove
insert-says = One press puts it where the cursor is in the text.

# Notes
notes = Notes
notes-says = For the next watch. They are kept here and never sent; the newest 100 stay.
no-notes = No notes on this line.
new-note = A new note

# The hand-over sheet
hand-over-sheet = Hand-over sheet
as-of = As of
make-anew = Make it anew
print = Print
open-items = Still needs somebody
open-count = Still needs somebody: { $count }
nothing-open = Nothing needs anybody.
lines-not-open = not OPEN:
first-clock = first clock
line-history = History of the line
offered-drafts = Offered to be released

# Practice
practice = PRACTICE
practise = Practise
practise-says = Practise on the built-in dummy line
practice-says = A dummy line in this page. Nothing is sent and nothing is kept; FLASH goes without a second officer.
practice-leave = Leave the practice
practice-real-needs = Something waits on your real lines, or they cannot be seen. Leave the practice.
practice-far = The other side:
far-answer = answers
far-drop = drops the line
far-delay = delays
far-ring = rings: a drill
far-flash = sends a FLASH exercise
practice-answer = We have read your message and answer in practice.
practice-flash = EXERCISE. Acknowledge this within ten minutes.
