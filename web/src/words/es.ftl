# Lines
lines = Líneas
state-OPEN = ABIERTA
state-LATE = CON RETRASO
state-DOWN = CAÍDA
state-PAUSED = EN PAUSA
state-LOCKED = BLOQUEADA
state-UNKNOWN = DESCONOCIDA
blame-this-machine = La causa es esta máquina
blame-own-network = La causa es nuestra propia red
blame-clock = Los relojes no coinciden
blame-relay = { $named ->
    [yes] La causa es el relé { $number } ({ $operator })
   *[no] La causa es el relé { $number }
  }
blame-their-machine-or-network = La causa es su máquina o su red
blame-their-watch = Nadie responde en su guardia
pairing-unfinished = El emparejamiento no ha terminado aquí
continuity-broken = Continuidad rota: compare estos grupos con la otra parte por otro medio
continuity-refused = Continuidad rechazada: la línea no transporta nada
their-store-full = Su almacén está lleno
strip = { $opened } de las últimas { $all } rondas abiertas
rounds-opened = Rondas abiertas
machine = Máquina
watch = Guardia
path = Camino
direct = directo
healed = restablecida hace { $rounds } rondas
sending = En camino
waits-for-us = Nos espera
nothing-waits = Nada nos espera
more = y { $count } más
no-lines = Todavía no hay línea. Empareje una con la otra parte.
dummy-line = Línea de práctica
line = Línea
ring-them = Prueba: pedir una persona allí
drill-says = Una prueba suena en la guardia de la otra parte. Solo la mano de una persona la contesta.
drill = PRUEBA
details = Detalles
carrier-down = El portador de esta máquina no está conectado
store-full = El almacén está lleno

# Ages
age-s = { $count } s
age-min = { $count } min
age-h = { $count } h
age-d = { $count } d
never = nunca

# Messages
messages = Mensajes
message = Mensaje
no-messages = No hay mensajes en esta línea.
pick-a-message = Elija un mensaje o escriba uno.
fetching = Llega el texto
bytes = { $count } bytes
cut = ({ $count } caracteres más no se muestran)
direction-in = DE ELLOS
direction-out = NUESTRO
precedence = Precedencia
precedence-flash = FLASH
precedence-immediate = INMEDIATO
precedence-priority = PRIORITARIO
precedence-routine = RUTINA
grade = Grado
grade-service = servicio
grade-talk = charla
grade-note = nota
grade-notice = notificación
grade-service-says = solo entre operadores
grade-talk-says = extraoficial, negable
grade-note-says = formal, sin firma
grade-notice-says = CONSTA EN ACTA, firmada
mark-EXERCISE = EJERCICIO
mark-TEST = ENSAYO
exercise-band = EJERCICIO EJERCICIO EJERCICIO
stages = Etapas
stage-draft = borrador
stage-released = autorizado
stage-sent = enviado
stage-stored = guardado
stage-read = leído
stage-translated = traducido
stage-passed = entregado
stage-seen = visto
stage-answered = respondido
stage-declined = declinado
stage-not-now = ahora no
by-here = aquí
by-there = allí
acknowledge-in = Acusar recibo en
they-acknowledge-in = Ellos acusan recibo en
say-read = Acusar recibo
say-passed = Entregar a un puesto
say-seen = Visto por el responsable
say-answered = Respondido
say-not-now = Ahora no
say-declined = Declinar
passed-says = La otra parte ve a qué puesto se entregó.
post = Puesto
reply = Responder
back = Atrás
answered = respondió hace

# Writing
composer = Escribir
write = Escribir
write-here = Escriba aquí
text = Texto
to = a
cells = { $count ->
    [one] { $count } celda
   *[other] { $count } celdas
  }
too-long = sobran { $count } bytes
there-at = allí a las
there-when-open = allí cuando se abra la línea
they-have = tienen
send = Enviar
being-sent = Enviándose
send-lost = La estación no responde. Se le pregunta otra vez; el texto se envía una sola vez.

# The watch
nobody = nadie
has-the-watch = { $initials } está de guardia desde
unattended = Nadie está de guardia
take-the-watch = Tomar la guardia ({ $initials })
hand-over = Entregar la guardia
hand-over-to = A (iniciales)
answer-drill = Responder por la guardia
drills-wait = { $count ->
    [one] Una prueba espera respuesta
   *[other] { $count } pruebas esperan respuesta
  }
sound = Sonido
sound-test = Prueba de sonido
sound-says = El pupitre suena cuando espera un FLASH o una prueba, cuando se agota un plazo y cuando algo espera y nadie está de guardia.
sound-heard = Lo he oído
sound-not-heard = Seguir sin sonido

# The page
tools = Herramientas
wall = Mural
cover = Cubrir
keys = Teclas
lock = Bloquear
panic = Pánico
close = Cerrar
language = Idioma
screen-not-live = PANTALLA DETENIDA
screen-not-live-why = Nada de la estación desde hace { $seconds } s. Lo que hay debajo es antiguo.
waiting-for-station = Esperando a la estación
idle-soon = Nadie ha tocado este pupitre. Se bloquea en un minuto.
key-help = Teclas, idioma, qué hace esto
key-acknowledge = Acusar recibo del mensaje más urgente
key-write = Escribir en la línea elegida
key-answer = Responder por la guardia
key-cover = Cubrir la pantalla y descubrirla
key-wall = Mural: solo las líneas, en grande
key-send = Enviar lo escrito
panic-says = Esto borra el almacén de esta estación: todas las líneas, claves y mensajes. Nadie puede recuperarlo.
panic-type = Escriba ERASE
panic-do = Borrar todo

# Signing in
sign-in = Entrar
sign-in-again = Esta página se ha cargado de nuevo. Entre otra vez o abra un enlace nuevo.
operator-name = Operador
passphrase = Frase de paso
passphrase-again = Frase de paso, otra vez
passphrase-hint = Al menos 12 caracteres. Nadie puede recuperarla.
passphrases-differ = Las dos frases no coinciden.
passphrase-old = Frase de paso actual
passphrase-new = Nueva frase de paso
change-passphrase = Cambiar mi frase de paso
change-passphrase-says = Se cierra lo que tenga abierto en otros puestos; este sigue siendo suyo.
initials = Iniciales
initials-hint = De 1 a 4 letras latinas o cifras. La otra parte las ve.
no-seat = Esta página no tiene puesto
no-seat-why = El enlace ya se usó, es demasiado viejo o no lo había. Pida uno nuevo en esta máquina:
station-locked = El almacén de esta estación está bloqueado. Su frase de paso lo abre.
station-passphrase = Frase de paso de la estación
unlock = Desbloquear
step = Paso { $step } de { $of }
go-on = Continuar
first-operator = El primer operador
first-operator-says = Usted administra esta estación y puede añadir a los demás.

# What this is
about-does = Qué hace
about-does-1 = En cada ronda envía la misma celda, se hable o no: nadie de fuera sabe si la línea se usa.
about-does-2 = Solo dice «guardado» cuando el disco lejano tiene el mensaje. Nada se pierde, nada llega dos veces.
about-does-3 = Muestra por separado que su máquina responde y que allí hay una persona de guardia.
about-does-4 = La charla sin firma es negable: cualquiera de las partes por sí sola pudo fabricar su transcripción.
about-not = Qué no hace
about-not-1 = No oculta que esta máquina participa. En una línea directa todos ven que dos direcciones intercambian tramas.
about-not-2 = No protege de quien controla esta máquina o mira esta pantalla.
about-not-3 = No hace que la otra parte guarde un secreto.
about-not-4 = No sustituye a la frase de paso: quien la olvida ha perdido el almacén.

# Pairing
pair-a-line = Emparejar una línea
pair-offer-says = Cada parte hace una tarjeta y se la da a la otra en persona. Una tarjeta es secreta hasta que se confirma el emparejamiento.
line-name = Nombre de la línea aquí
pair-at = Dónde alcanzan esta máquina
pair-at-hint = HOST:PUERTO, para el lugar directo
pair-venue = Lugar
pair-venue-hint = Cómo empieza su identificador, para una línea por relés
pair-replace = Sustituir una tarjeta hecha antes
make-card = Hacer mi tarjeta
pair-card-says = Deles su tarjeta, tome la de ellos.
my-card = Mi tarjeta
their-card = Su tarjeta
save-file = Guardar en un archivo
from-file = o desde un archivo, o desde una imagen de su código QR
card-code = Mi tarjeta como código QR
camera-scan = Leer con la cámara
camera-off = Apagar la cámara
camera-says = Ponga el código QR de ellos ante la cámara.
seen-card = Se leyó su tarjeta.
seen-another = Esto no es una tarjeta.
seen-no-code = No se encontró ningún código QR en esta imagen.
seen-no-camera = No se puede usar ninguna cámara aquí. Permítala en el navegador, o use una imagen o un archivo.
take-card = Tomar su tarjeta
check-says = Léanse este número en voz alta. Debe ser el mismo en ambas pantallas.
check-same = El mismo: confirmar
check-differs = Es distinto: cancelar
paired = Emparejada. La línea se abre en segundos:

# What the station refused
refusal-usage = La estación no lo entiende. Corríjalo e inténtelo de nuevo.
refusal-malformed = Está dañado o no es lo que hace falta.
refusal-out-of-range = Es demasiado largo o demasiado grande.
refusal-not-found = Aquí no hay tal cosa.
refusal-full = El almacén está lleno. No se guardó nada.
refusal-io = Falla el disco de la estación.
refusal-conflict = Alguien se adelantó, o ahora no se puede.
refusal-old = Esto ha cambiado desde que usted lo leyó. Se muestra como está ahora: léalo y decida. No se ha hecho nada.
refusal-refused = No le está permitido, o el nombre y la frase de paso no concuerdan.
refusal-locked = El almacén está bloqueado.
refusal-no-station = La estación no responde.
refusal-other = La estación no pudo hacerlo.

# Operators
operators = Operadores
role = Función
role-officer = oficial de guardia
role-releaser = autorizador
role-interpreter = intérprete
role-principal = responsable
role-archivist = archivero
role-admin = administrador
every-line = todas las líneas
new-operator = Un operador nuevo
add-operator = Añadir
change-operator = Cambiar
remove-operator = Quitar a { $name }
change-ends-seats = Un cambio cierra lo que tenga abierto en el pupitre. Una frase de paso vacía queda como estaba.
back-to-new = Mejor uno nuevo

# Drafts
drafts = Borradores
draft-private = solo para su autor
draft-offered = presentado
keep-draft = Guardar como borrador
offer = Presentar
offer-second = Presentar a un segundo oficial
release = Autorizar
discard = Descartar
change-draft-says = Un cambio retira la oferta: los demás solo ven el texto nuevo cuando usted lo ofrece otra vez.
draft-gone = Este borrador ya no está: fue autorizado o descartado. Lo que ha escrito aquí no se ha guardado.
waits-for-second = espera a una segunda persona
to-release = Por autorizar: { $count }
answers-a-message = Responde a un mensaje suyo.
answers-none = No responde a ninguno

# Translation
translation = Traducción
original-counts = Vale el original.
translate = Traducir
translate-anew = Traducir de nuevo
translated-by = tradujo
reviewed-by = revisó
certified-by = certificó
review = Revisado: es correcto
certify = Certificar
keep = Guardar

# Read-back
read-back = Colación
read-back-asked = pedida
read-back-given = dada
read-back-confirmed = confirmada
read-back-wrong = errónea
read-back-says = ¿Qué ha entendido? El remitente dice si es correcto.
read-back-give = Colacionar
read-back-good = Es correcta
read-back-bad = Es errónea

# Files and search
send-file = Enviar un archivo
file-says = Como máximo 1 MB, como RUTINA. Sale en cuanto se elige.
file-never-shown = El pupitre nunca lo abre.
search = Buscar en esta línea
found = { $count } hallados

# Exercise
exercise-begin = Empezar un ejercicio
exercise-end = Terminar el ejercicio

# The protocol sheet
sheet = Hoja de protocolo
sheet-says = Lo que se ha acordado decir en esta línea, en ambos idiomas. Se guarda aquí y nunca se envía.
sheet-none = Aún no se ha acordado nada.
sheet-titles = Títulos
sheet-salutations = Saludos
sheet-phrases = Frases convenidas
sheet-code = Código
sheet-ours = En nuestro idioma
sheet-theirs = En su idioma
sheet-by = Escrita por
change = Cambiar
add-entry = Añadir una entrada
remove-entry = Quitar
insert-says = Una pulsación lo pone en el texto, donde está el cursor.

# Notes
notes = Apuntes
notes-says = Para la guardia siguiente. Se guardan aquí y nunca se envían; quedan los 100 más recientes.
no-notes = No hay apuntes en esta línea.
new-note = Un apunte nuevo

# The hand-over sheet
hand-over-sheet = Hoja de relevo
as-of = A fecha de
make-anew = Hacerla de nuevo
print = Imprimir
open-items = Aún requiere a alguien
open-count = Aún pendiente: { $count }
nothing-open = No hay nada pendiente.
lines-not-open = líneas no abiertas:
first-clock = primer plazo
line-history = Historial de la línea
offered-drafts = Ofrecidos para autorizar

# Practice
practice = PRÁCTICA
practise = Practicar
practise-says = Practicar en la línea ficticia incorporada
practice-says = Una línea ficticia en esta página. Nada se envía y nada se guarda; un FLASH sale aquí sin segundo oficial.
practice-leave = Salir de la práctica
practice-real-needs = Algo espera en sus líneas reales, o no se pueden ver. Salga de la práctica.
practice-far = El otro lado:
far-answer = responde
far-drop = corta la línea
far-delay = se retrasa
far-ring = llama: una prueba
far-flash = envía un FLASH de ejercicio
practice-answer = Hemos leído su mensaje y respondemos en la práctica.
practice-flash = EJERCICIO. Acuse recibo en diez minutos.
