# Lines
lines = الخطوط
state-OPEN = مفتوح
state-LATE = متأخر
state-DOWN = منقطع
state-PAUSED = موقوف
state-LOCKED = مقفل
state-UNKNOWN = غير معروف
blame-this-machine = السبب في هذا الجهاز
blame-own-network = السبب في شبكتنا
blame-clock = الساعتان غير متفقتين
blame-relay = { $named ->
    [yes] السبب في المرحّل { $number } ({ $operator })
   *[no] السبب في المرحّل { $number }
  }
blame-their-machine-or-network = السبب في جهازهم أو شبكتهم
blame-their-watch = لا أحد يجيب في مناوبتهم
pairing-unfinished = الاقتران لم يكتمل هنا
continuity-broken = انقطع التسلسل: قارنوا هذه المجموعات مع الطرف الآخر بوسيلة أخرى
continuity-refused = رُفض التسلسل: الخط لا ينقل شيئًا
their-store-full = مخزنهم ممتلئ
strip = فُتحت { $opened } من آخر { $all } جولة
rounds-opened = الجولات المفتوحة
machine = الجهاز
watch = المناوبة
path = المسار
direct = مباشر
healed = تعافى قبل { $rounds } جولة
sending = في الطريق
waits-for-us = ينتظرنا
nothing-waits = لا شيء ينتظرنا
more = و{ $count } أخرى
no-lines = لا يوجد خط بعد. اقترنوا بالطرف الآخر.
dummy-line = خط التدريب
line = الخط
ring-them = تمرين: طلب شخص هناك
drill-says = يرنّ التمرين في مناوبة الطرف الآخر. ولا تجيب عليه إلا يد إنسان.
drill = تمرين
details = التفاصيل
carrier-down = ناقل هذا الجهاز غير متصل
store-full = المخزن ممتلئ

# Ages
age-s = { $count } ث
age-min = { $count } د
age-h = { $count } س
age-d = { $count } يوم
never = أبدًا

# Messages
messages = الرسائل
message = الرسالة
no-messages = لا رسائل على هذا الخط.
pick-a-message = اختر رسالة أو اكتب واحدة.
fetching = يجري جلب النص
bytes = { $count } بايت
cut = ({ $count } حرفًا أخرى غير معروضة)
direction-in = منهم
direction-out = منّا
precedence = الأسبقية
precedence-flash = برق
precedence-immediate = فوري
precedence-priority = عاجل
precedence-routine = عادي
grade = الدرجة
grade-service = خدمة
grade-talk = حديث
grade-note = مذكرة
grade-notice = إخطار
grade-service-says = بين المشغّلين فقط
grade-talk-says = خارج المحضر، قابل للإنكار
grade-note-says = رسمي، بلا توقيع
grade-notice-says = في المحضر، موقّع
mark-EXERCISE = مناورة
mark-TEST = اختبار
exercise-band = مناورة مناورة مناورة
stages = المراحل
stage-draft = مسودة
stage-released = أُجيزت
stage-sent = أُرسلت
stage-stored = خُزّنت
stage-read = قُرئت
stage-translated = تُرجمت
stage-passed = سُلّمت
stage-seen = اطُّلع عليها
stage-answered = أُجيب عليها
stage-declined = اعتُذر عنها
stage-not-now = ليس الآن
by-here = هنا
by-there = هناك
acknowledge-in = الإقرار خلال
they-acknowledge-in = إقرارهم خلال
say-read = إقرار بالاستلام
say-passed = تسليم إلى منصب
say-seen = اطّلع عليها المسؤول
say-answered = أُجيب عليها
say-not-now = ليس الآن
say-declined = اعتذار
passed-says = يرى الطرف الآخر إلى أي منصب سُلّمت.
post = المنصب
reply = رد
back = رجوع
answered = آخر جواب قبل

# Writing
composer = كتابة
write = كتابة
write-here = اكتب هنا
text = النص
to = إلى
cells = { $count ->
    [one] خلية واحدة
    [two] خليتان
    [few] { $count } خلايا
   *[other] { $count } خلية
  }
too-long = أطول بمقدار { $count } بايت
there-at = يصل في
there-when-open = يصل حين يُفتح الخط
they-have = مهلتهم
send = إرسال
being-sent = يجري الإرسال
send-lost = لا جواب من المحطة. يُعاد السؤال؛ ويُرسل النص مرة واحدة.

# The watch
nobody = لا أحد
has-the-watch = { $initials } في المناوبة منذ
unattended = لا أحد في المناوبة
take-the-watch = استلام المناوبة ({ $initials })
hand-over = تسليم المناوبة
hand-over-to = إلى (الأحرف الأولى)
answer-drill = الإجابة عن المناوبة
drills-wait = { $count ->
    [one] تمرين ينتظر جوابًا
    [two] تمرينان ينتظران جوابًا
    [few] { $count } تمارين تنتظر جوابًا
   *[other] { $count } تمرينًا تنتظر جوابًا
  }
sound = الصوت
sound-test = تجربة الصوت
sound-says = يرنّ المكتب حين تنتظر رسالة برق أو تمرين، وحين تنقضي مهلة، وحين ينتظر شيء ولا أحد في المناوبة.
sound-heard = سمعته
sound-not-heard = متابعة بلا صوت

# The page
tools = الأدوات
wall = الجدار
cover = تغطية
keys = المفاتيح
lock = قفل
panic = طوارئ
close = إغلاق
language = اللغة
screen-not-live = الشاشة لا تتحدّث
screen-not-live-why = لا شيء من المحطة منذ { $seconds } ث. ما تحت هذا قديم.
waiting-for-station = في انتظار المحطة
idle-soon = لم يلمس أحد هذا المكتب. سيُقفل خلال دقيقة.
key-help = المفاتيح واللغة وما يفعله هذا
key-acknowledge = الإقرار بأكثر الرسائل إلحاحًا
key-write = الكتابة على الخط المختار
key-answer = الإجابة عن المناوبة
key-cover = تغطية الشاشة وكشفها
key-wall = الجدار: الخطوط وحدها بخط كبير
key-send = إرسال المكتوب
panic-says = هذا يمحو مخزن هذه المحطة: كل الخطوط والمفاتيح والرسائل. ولا يستطيع أحد استعادتها.
panic-type = اكتب ERASE
panic-do = محو كل شيء

# Signing in
sign-in = تسجيل الدخول
sign-in-again = حُمّلت هذه الصفحة من جديد. سجّل الدخول مرة أخرى أو افتح رابطًا جديدًا.
operator-name = المشغّل
passphrase = عبارة السر
passphrase-again = عبارة السر مرة أخرى
passphrase-hint = 12 حرفًا على الأقل. ولا يستطيع أحد استعادتها.
passphrases-differ = العبارتان مختلفتان.
passphrase-old = عبارة السر الحالية
passphrase-new = عبارة السر الجديدة
change-passphrase = تغيير عبارة السر الخاصة بي
change-passphrase-says = ينتهي ما لديك مفتوحًا في المقاعد الأخرى، ويبقى هذا المقعد لك.
initials = الأحرف الأولى
initials-hint = من 1 إلى 4 أحرف لاتينية أو أرقام. يراها الطرف الآخر.
no-seat = لا مقعد لهذه الصفحة
no-seat-why = الرابط استُعمل أو قَدُم أو لم يكن. اطلب رابطًا جديدًا على هذا الجهاز:
station-locked = مخزن هذه المحطة مقفل. تفتحه عبارة السر.
station-passphrase = عبارة سر المحطة
unlock = فتح القفل
step = الخطوة { $step } من { $of }
go-on = متابعة
first-operator = المشغّل الأول
first-operator-says = أنت تدير هذه المحطة ويمكنك إضافة الآخرين.

# What this is
about-does = ما يفعله هذا
about-does-1 = في كل جولة تُرسل الخلية نفسها، بحديث أو بلا حديث: لا يعرف أحد من الخارج هل الخط مستعمل.
about-does-2 = لا يُقال «خُزّنت» إلا حين تكون الرسالة على القرص البعيد. لا شيء يضيع ولا شيء يصل مرتين.
about-does-3 = يُعرض على حدة أن جهازهم يجيب، وأن شخصًا هناك في المناوبة.
about-does-4 = الحديث غير الموقّع قابل للإنكار: يستطيع أي طرف وحده أن يصنع أي نص له.
about-not = ما لا يفعله هذا
about-not-1 = لا يخفي أن هذا الجهاز مشارك. وعلى خط مباشر يرى الجميع أن عنوانين يتبادلان الأطر.
about-not-2 = لا يحمي ممن يتحكم بهذا الجهاز أو ينظر إلى هذه الشاشة.
about-not-3 = لا يُلزم الطرف الآخر بحفظ السر.
about-not-4 = لا يغني عن عبارة السر: من نسيها فقد المخزن.

# Pairing
pair-a-line = اقتران خط
pair-offer-says = يصنع كل طرف بطاقة ويسلّمها إلى الآخر شخصيًا. البطاقة سرية حتى يُؤكَّد الاقتران.
line-name = اسم الخط هنا
pair-at = أين يصلون إلى هذا الجهاز
pair-at-hint = HOST:PORT، للملتقى المباشر
pair-venue = الملتقى
pair-venue-hint = بداية معرّفه، لخط عبر مرحّلات
pair-replace = استبدال بطاقة صُنعت من قبل
make-card = صنع بطاقتي
pair-card-says = أعطهم بطاقتك وخذ بطاقتهم.
my-card = بطاقتي
their-card = بطاقتهم
save-file = حفظ في ملف
from-file = أو من ملف، أو من صورة لرمز QR الخاص بهم
card-code = بطاقتي على شكل رمز QR
camera-scan = المسح بالكاميرا
camera-off = إيقاف الكاميرا
camera-says = ضع رمز QR الخاص بهم أمام الكاميرا.
seen-card = قُرئت بطاقتهم.
seen-another = هذه ليست بطاقة.
seen-no-code = لم يُعثر على رمز QR في هذه الصورة.
seen-no-camera = لا يمكن استخدام كاميرا هنا. اسمح بها في المتصفح، أو استخدم صورة أو ملفًا.
take-card = أخذ بطاقتهم
check-says = اقرؤوا هذا الرقم بعضكم لبعض بصوت عالٍ. يجب أن يكون نفسه على الشاشتين.
check-same = نفسه: تأكيد
check-differs = مختلف: إلغاء
paired = تم الاقتران. يُفتح الخط خلال ثوانٍ:

# What the station refused
refusal-usage = المحطة لا تفهم هذا. صحّحه وحاول مرة أخرى.
refusal-malformed = هذا تالف أو ليس المطلوب.
refusal-out-of-range = هذا أطول أو أكبر مما يجوز.
refusal-not-found = لا يوجد شيء كهذا هنا.
refusal-full = المخزن ممتلئ. لم يُحفظ شيء.
refusal-io = قرص المحطة معطوب.
refusal-conflict = سبقك غيرك، أو لا يمكن ذلك الآن.
refusal-old = تغيّر هذا منذ قرأته. وهو معروض كما هو الآن: اقرأه ثم قرّر. لم يُفعل شيء.
refusal-refused = لا يُسمح لك بهذا، أو أن الاسم وعبارة السر غير متوافقين.
refusal-locked = المخزن مقفل.
refusal-no-station = المحطة لا تجيب.
refusal-other = لم تستطع المحطة فعل ذلك.

# Operators
operators = المشغّلون
role = الدور
role-officer = ضابط مناوب
role-releaser = مُجيز
role-interpreter = مترجم
role-principal = مسؤول
role-archivist = أمين المحفوظات
role-admin = مدير
every-line = كل الخطوط
new-operator = مشغّل جديد
add-operator = إضافة
change-operator = تغيير
remove-operator = إزالة { $name }
change-ends-seats = أي تغيير ينهي ما لديه مفتوحًا على المكتب. عبارة السر الفارغة تبقى كما كانت.
back-to-new = بل مشغّل جديد

# Drafts
drafts = المسودات
draft-private = لكاتبها وحده
draft-offered = معروضة
keep-draft = حفظ كمسودة
offer = عرض
offer-second = عرض على ضابط ثانٍ
release = إجازة
discard = إلغاء
change-draft-says = التغيير يسحب العرض: لا يرى الآخرون النص الجديد إلا حين تعرضه من جديد.
draft-gone = لم تعد هذه المسودة موجودة: أُجيزت أو أُلغيت. وما كتبته هنا لم يُحفظ.
waits-for-second = تنتظر شخصًا ثانيًا
to-release = للإجازة: { $count }
answers-a-message = رد على رسالة منهم.
answers-none = ليس ردًا

# Translation
translation = الترجمة
original-counts = العبرة بالأصل.
translate = ترجمة
translate-anew = ترجمة من جديد
translated-by = ترجمها
reviewed-by = راجعها
certified-by = صدّقها
review = رُوجعت: صحيحة
certify = تصديق
keep = حفظ

# Read-back
read-back = القراءة المرتدة
read-back-asked = مطلوبة
read-back-given = أُعطيت
read-back-confirmed = مؤكدة
read-back-wrong = خاطئة
read-back-says = ماذا فهمتم؟ يقول المرسل هل هذا صحيح.
read-back-give = قراءة مرتدة
read-back-good = صحيحة
read-back-bad = خاطئة

# Files and search
send-file = إرسال ملف
file-says = 1 ميغابايت على الأكثر، بأسبقية عادية. يُرسل حال اختياره.
file-never-shown = لا يفتحه المكتب أبدًا.
search = بحث في هذا الخط
found = وُجد { $count }

# Exercise
exercise-begin = بدء مناورة
exercise-end = إنهاء المناورة

# The protocol sheet
sheet = ورقة المراسم
sheet-says = ما اتُّفق على قوله في هذا الخط، باللغتين. تُحفظ هنا ولا تُرسل أبدًا.
sheet-none = لم يُتفق على شيء بعد.
sheet-titles = الألقاب
sheet-salutations = التحيات
sheet-phrases = العبارات المرمّزة
sheet-code = الرمز
sheet-ours = بلغتنا
sheet-theirs = بلغتهم
sheet-by = كتبها
change = تغيير
add-entry = إضافة بند
remove-entry = إزالة
insert-says = ضغطة واحدة تضعه في النص حيث المؤشر.

# Notes
notes = الملاحظات
notes-says = للمناوبة التالية. تُحفظ هنا ولا تُرسل أبدًا؛ ويبقى أحدث 100 منها.
no-notes = لا ملاحظات على هذا الخط.
new-note = ملاحظة جديدة

# The hand-over sheet
hand-over-sheet = ورقة التسليم
as-of = كما في
make-anew = صنعها من جديد
print = طباعة
open-items = ما زال يحتاج إلى أحد
open-count = ما زال يحتاج إلى أحد: { $count }
nothing-open = لا شيء معلّق.
lines-not-open = غير مفتوحة:
first-clock = أول مهلة
line-history = سجل الخط
offered-drafts = معروضة للإجازة

# Practice
practice = تدريب
practise = تدرَّب
practise-says = التدرّب على الخط التدريبي المدمج
practice-says = خط وهمي داخل هذه الصفحة. لا يُرسَل شيء ولا يُحفَظ شيء؛ والرسائل من درجة «برق» تذهب هنا بلا ضابط ثانٍ.
practice-leave = مغادرة التدريب
practice-real-needs = هناك ما ينتظر على خطوطكم الحقيقية، أو لا يمكن رؤيتها. غادروا التدريب.
practice-far = الطرف الآخر:
far-answer = يجيب
far-drop = يقطع الخط
far-delay = يتأخر
far-ring = يرنّ: تمرين
far-flash = يرسل رسالة «برق» للمناورة
practice-answer = قرأنا رسالتكم ونجيب في إطار التدريب.
practice-flash = مناورة. أقِرّوا بالاستلام خلال عشر دقائق.
