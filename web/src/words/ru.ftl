# Lines
lines = Линии
state-OPEN = ОТКРЫТА
state-LATE = ОПАЗДЫВАЕТ
state-DOWN = НЕ РАБОТАЕТ
state-PAUSED = ПРИОСТАНОВЛЕНА
state-LOCKED = ЗАПЕРТА
state-UNKNOWN = НЕИЗВЕСТНО
blame-this-machine = Причина в этой машине
blame-own-network = Причина в нашей сети
blame-clock = Часы расходятся
blame-relay = { $named ->
    [yes] Причина в реле { $number } ({ $operator })
   *[no] Причина в реле { $number }
  }
blame-their-machine-or-network = Причина в их машине или сети
blame-their-watch = На их вахте никто не отвечает
pairing-unfinished = Сопряжение здесь не завершено
continuity-broken = Непрерывность нарушена: сверьте эти группы с другой стороной иным путём
continuity-refused = В непрерывности отказано: линия ничего не передаёт
their-store-full = Их хранилище заполнено
strip = Открыто { $opened } из последних { $all } тактов
rounds-opened = Открытые такты
machine = Машина
watch = Вахта
path = Путь
direct = прямой
healed = восстановлена { $rounds } тактов назад
sending = В пути
waits-for-us = Ждёт нас
nothing-waits = Нас ничего не ждёт
more = и ещё { $count }
no-lines = Линий пока нет. Установите сопряжение с другой стороной.
dummy-line = Учебная линия
line = Линия
ring-them = Проверка: вызвать человека там
drill-says = Проверка звонит на вахте другой стороны. Отвечает на неё только рука человека.
drill = ПРОВЕРКА
details = Подробно
carrier-down = Передатчик этой машины не подключён
store-full = Хранилище заполнено

# Ages
age-s = { $count } с
age-min = { $count } мин
age-h = { $count } ч
age-d = { $count } дн
never = никогда

# Messages
messages = Сообщения
message = Сообщение
no-messages = На этой линии нет сообщений.
pick-a-message = Выберите сообщение или напишите его.
fetching = Текст загружается
bytes = { $count } байт
cut = (ещё { $count } знаков не показано)
direction-in = ОТ НИХ
direction-out = ОТ НАС
precedence = Срочность
precedence-flash = МОЛНИЯ
precedence-immediate = НЕМЕДЛЕННО
precedence-priority = СРОЧНО
precedence-routine = ОБЫЧНО
grade = Степень
grade-service = служебное
grade-talk = беседа
grade-note = записка
grade-notice = уведомление
grade-service-says = только между операторами
grade-talk-says = без протокола, отрицаемо
grade-note-says = официально, без подписи
grade-notice-says = ПОД ПРОТОКОЛ, с подписью
mark-EXERCISE = УЧЕНИЕ
mark-TEST = ТЕСТ
exercise-band = УЧЕНИЕ УЧЕНИЕ УЧЕНИЕ
stages = Этапы
stage-draft = черновик
stage-released = выпущено
stage-sent = отправлено
stage-stored = сохранено
stage-read = прочитано
stage-translated = переведено
stage-passed = передано
stage-seen = доложено
stage-answered = отвечено
stage-declined = отклонено
stage-not-now = не сейчас
by-here = здесь
by-there = там
acknowledge-in = Подтвердить за
they-acknowledge-in = Они подтверждают за
say-read = Подтвердить
say-passed = Передать посту
say-seen = Доложено руководителю
say-answered = Отвечено
say-not-now = Не сейчас
say-declined = Отклонить
passed-says = Другая сторона видит, какому посту оно передано.
post = Пост
reply = Ответить
back = Назад
answered = ответ был

# Writing
composer = Написать
write = Написать
write-here = Пишите здесь
text = Текст
to = куда:
cells = { $count ->
    [one] { $count } ячейка
    [few] { $count } ячейки
   *[other] { $count } ячеек
  }
too-long = лишних байт: { $count }
there-at = там в
there-when-open = там, когда линия откроется
they-have = у них есть
send = Отправить
being-sent = Отправляется
send-lost = Станция не отвечает. Запрос повторяется; текст уйдёт один раз.

# The watch
nobody = никого
has-the-watch = { $initials } на вахте с
unattended = На вахте никого
take-the-watch = Принять вахту ({ $initials })
hand-over = Сдать вахту
hand-over-to = Кому (инициалы)
answer-drill = Ответить за вахту
drills-wait = { $count ->
    [one] { $count } проверка ждёт ответа
    [few] { $count } проверки ждут ответа
   *[other] { $count } проверок ждут ответа
  }
sound = Звук
sound-test = Проба звука
sound-says = Пульт звонит, когда ждёт МОЛНИЯ или проверка, когда истёк срок и когда что-то ждёт, а на вахте никого.
sound-heard = Я слышу
sound-not-heard = Дальше без звука

# The page
tools = Инструменты
wall = Стена
cover = Закрыть
keys = Клавиши
lock = Запереть
panic = Тревога
close = Убрать
language = Язык
screen-not-live = ЭКРАН НЕ ОБНОВЛЯЕТСЯ
screen-not-live-why = От станции ничего нет { $seconds } с. То, что ниже, устарело.
waiting-for-station = Ожидание станции
idle-soon = К пульту никто не прикасался. Он запрётся в течение минуты.
key-help = Клавиши, язык, что это делает
key-acknowledge = Подтвердить самое срочное сообщение
key-write = Писать на выбранной линии
key-answer = Ответить за вахту
key-cover = Закрыть экран и открыть его
key-wall = Стена: только линии, крупно
key-send = Отправить написанное
panic-says = Это стирает хранилище станции: все линии, ключи и сообщения. Вернуть их не сможет никто.
panic-type = Введите ERASE
panic-do = Стереть всё

# Signing in
sign-in = Войти
sign-in-again = Страница загружена заново. Войдите ещё раз или откройте новую ссылку.
operator-name = Оператор
passphrase = Парольная фраза
passphrase-again = Парольная фраза ещё раз
passphrase-hint = Не менее 12 знаков. Восстановить её не сможет никто.
passphrases-differ = Фразы не совпадают.
passphrase-old = Нынешняя фраза
passphrase-new = Новая фраза
change-passphrase = Сменить мою парольную фразу
change-passphrase-says = Всё, что у вас открыто на других местах, закроется; это место останется вашим.
initials = Инициалы
initials-hint = От 1 до 4 латинских букв или цифр. Другая сторона их видит.
no-seat = У этой страницы нет места
no-seat-why = Ссылка использована, устарела, или её не было. Запросите новую на этой машине:
station-locked = Хранилище этой станции заперто. Его открывает парольная фраза.
station-passphrase = Парольная фраза станции
unlock = Отпереть
step = Шаг { $step } из { $of }
go-on = Дальше
first-operator = Первый оператор
first-operator-says = Вы управляете этой станцией и можете добавить остальных.

# What this is
about-does = Что это делает
about-does-1 = Каждый такт уходит одинаковая ячейка, идёт разговор или нет: посторонний не узнает, пользуются ли линией.
about-does-2 = «Сохранено» говорится, только когда сообщение на дальнем диске. Ничто не теряется и не приходит дважды.
about-does-3 = Отдельно показано, что их машина отвечает и что там на вахте человек.
about-does-4 = Беседа без подписи отрицаема: любую её запись могла изготовить каждая сторона в одиночку.
about-not = Чего это не делает
about-not-1 = Не скрывает, что эта машина участвует. На прямой линии всем видно, что два адреса обмениваются кадрами.
about-not-2 = Не защищает от того, кто управляет этой машиной или смотрит на этот экран.
about-not-3 = Не заставит другую сторону хранить тайну.
about-not-4 = Не заменяет парольную фразу: кто её забыл, потерял хранилище.

# Pairing
pair-a-line = Сопрячь линию
pair-offer-says = Каждая сторона делает карту и отдаёт её другой лично. Карта секретна, пока сопряжение не подтверждено.
line-name = Название линии здесь
pair-at = Где они достигают эту машину
pair-at-hint = ХОСТ:ПОРТ, для прямой площадки
pair-venue = Площадка
pair-venue-hint = Начало её идентификатора, для линии через реле
pair-replace = Заменить карту, сделанную раньше
make-card = Сделать мою карту
pair-card-says = Отдайте им вашу карту, возьмите их карту.
my-card = Моя карта
their-card = Их карта
save-file = Сохранить в файл
from-file = или из файла, или со снимка их QR-кода
card-code = Моя карта в виде QR-кода
camera-scan = Считать камерой
camera-off = Выключить камеру
camera-says = Держите их QR-код перед камерой.
seen-card = Их карта считана.
seen-another = Это не карта.
seen-no-code = На этом снимке QR-код не найден.
seen-no-camera = Камера здесь недоступна. Разрешите её в браузере или возьмите снимок либо файл.
take-card = Принять их карту
check-says = Прочтите это число друг другу вслух. На обоих экранах оно должно быть одинаковым.
check-same = Одинаково: подтвердить
check-differs = Различается: отменить
paired = Сопряжено. Линия откроется за секунды:

# What the station refused
refusal-usage = Станция этого не понимает. Исправьте и повторите.
refusal-malformed = Это повреждено или не то, что нужно.
refusal-out-of-range = Это слишком длинно или велико.
refusal-not-found = Здесь такого нет.
refusal-full = Хранилище заполнено. Ничего не сохранено.
refusal-io = Диск станции неисправен.
refusal-conflict = Кто-то успел раньше, или сейчас это невозможно.
refusal-old = Это изменено с тех пор, как вы его прочли. Показано, как оно есть теперь: прочтите и решите. Ничего не сделано.
refusal-refused = Вам это не разрешено, или имя и парольная фраза не подходят.
refusal-locked = Хранилище заперто.
refusal-no-station = Станция не отвечает.
refusal-other = Станция не смогла этого сделать.

# Operators
operators = Операторы
role = Роль
role-officer = вахтенный офицер
role-releaser = выпускающий
role-interpreter = переводчик
role-principal = руководитель
role-archivist = архивариус
role-admin = администратор
every-line = все линии
new-operator = Новый оператор
add-operator = Добавить
change-operator = Изменить
remove-operator = Удалить: { $name }
change-ends-seats = Изменение закрывает всё, что у него открыто за пультом. Пустая фраза останется прежней.
back-to-new = Лучше нового

# Drafts
drafts = Черновики
draft-private = только для автора
draft-offered = предложен
keep-draft = Оставить черновиком
offer = Предложить
offer-second = Предложить второму офицеру
release = Выпустить
discard = Отбросить
change-draft-says = Изменение отзывает предложение: другие увидят новый текст, только когда вы предложите его снова.
draft-gone = Этого черновика больше нет: он выпущен или отброшен. Написанное здесь не сохранено.
waits-for-second = ждёт второго человека
to-release = К выпуску: { $count }
answers-a-message = Ответ на их сообщение.
answers-none = Это не ответ

# Translation
translation = Перевод
original-counts = Силу имеет оригинал.
translate = Перевести
translate-anew = Перевести заново
translated-by = перевод:
reviewed-by = проверка:
certified-by = заверение:
review = Проверено: верно
certify = Заверить
keep = Сохранить

# Read-back
read-back = Обратное чтение
read-back-asked = запрошено
read-back-given = дано
read-back-confirmed = подтверждено
read-back-wrong = неверно
read-back-says = Как вы поняли? Отправитель скажет, верно ли это.
read-back-give = Прочесть обратно
read-back-good = Верно
read-back-bad = Неверно

# Files and search
send-file = Отправить файл
file-says = Не больше 1 МБ, ОБЫЧНО. Уходит, как только выбран.
file-never-shown = Пульт его никогда не открывает.
search = Поиск на этой линии
found = найдено: { $count }

# Exercise
exercise-begin = Начать учение
exercise-end = Закончить учение

# The protocol sheet
sheet = Лист протокола
sheet-says = Что условлено говорить на этой линии, на обоих языках. Хранится здесь и никогда не отправляется.
sheet-none = Пока ничего не условлено.
sheet-titles = Титулы
sheet-salutations = Обращения
sheet-phrases = Условные фразы
sheet-code = Код
sheet-ours = На нашем языке
sheet-theirs = На их языке
sheet-by = Составлено:
change = Изменить
add-entry = Добавить строку
remove-entry = Убрать
insert-says = Одно нажатие вставляет это в текст, где стоит курсор.

# Notes
notes = Заметки
notes-says = Для следующей вахты. Хранятся здесь и никогда не отправляются; остаются последние 100.
no-notes = На этой линии нет заметок.
new-note = Новая заметка

# The hand-over sheet
hand-over-sheet = Лист сдачи вахты
as-of = По состоянию на
make-anew = Составить заново
print = Печать
open-items = Ещё требует кого-то
open-count = Не завершено: { $count }
nothing-open = Незавершённого нет.
lines-not-open = не открыты:
first-clock = первый срок
line-history = История линии
offered-drafts = Предложено к выпуску

# Practice
practice = ТРЕНИРОВКА
practise = Тренировка
practise-says = Потренироваться на встроенной учебной линии
practice-says = Учебная линия внутри этой страницы. Ничего не отправляется и не сохраняется; «МОЛНИЯ» здесь уходит без второго дежурного.
practice-leave = Закончить тренировку
practice-real-needs = На ваших настоящих линиях что-то ждёт, или их не видно. Закончите тренировку.
practice-far = Другая сторона:
far-answer = отвечает
far-drop = обрывает линию
far-delay = задерживает
far-ring = звонит: проверка
far-flash = шлёт учебную «МОЛНИЮ»
practice-answer = Мы прочитали ваше сообщение и отвечаем в рамках тренировки.
practice-flash = УЧЕНИЕ. Подтвердите получение в течение десяти минут.
