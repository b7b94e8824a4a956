# Lines
lines = Lignes
state-OPEN = OUVERTE
state-LATE = EN RETARD
state-DOWN = COUPÉE
state-PAUSED = SUSPENDUE
state-LOCKED = VERROUILLÉE
state-UNKNOWN = INCONNUE
blame-this-machine = Cette machine est en cause
blame-own-network = Notre propre réseau est en cause
blame-clock = Les horloges divergent
blame-relay = { $named ->
    [yes] Le relais { $number } est en cause ({ $operator })
   *[no] Le relais { $number } est en cause
  }
blame-their-machine-or-network = Leur machine ou leur réseau est en cause
blame-their-watch = Personne ne répond à leur veille
pairing-unfinished = L’appariement n’est pas terminé ici
continuity-broken = Continuité rompue : comparez ces groupes avec l’autre partie par une autre voie
continuity-refused = Continuité refusée : la ligne ne transporte rien
their-store-full = Leur dépôt est plein
strip = { $opened } des { $all } dernières rondes ouvertes
rounds-opened = Rondes ouvertes
machine = Machine
watch = Veille
path = Chemin
direct = direct
healed = rétablie il y a { $rounds } rondes
sending = En route
waits-for-us = Nous attend
nothing-waits = Rien ne nous attend
more = et { $count } de plus
no-lines = Il n’y a pas encore de ligne. Appariez-en une avec l’autre partie.
dummy-line = Ligne d’entraînement
line = Ligne
ring-them = Appel d’essai : demander une personne là-bas
drill-says = Un appel d’essai sonne à la veille de l’autre partie. Seule une main humaine y répond.
drill = ESSAI
details = Détails
carrier-down = Le porteur de cette machine n’est pas connecté
store-full = Le dépôt est plein

# Ages
age-s = { $count } s
age-min = { $count } min
age-h = { $count } h
age-d = { $count } j
never = jamais

# Messages
messages = Messages
message = Message
no-messages = Aucun message sur cette ligne.
pick-a-message = Choisissez un message, ou écrivez-en un.
fetching = Le texte arrive
bytes = { $count } octets
cut = ({ $count } caractères de plus ne sont pas montrés)
direction-in = D’EUX
direction-out = DE NOUS
precedence = Priorité
precedence-flash = FLASH
precedence-immediate = IMMÉDIAT
precedence-priority = PRIORITAIRE
precedence-routine = ROUTINE
grade = Degré
grade-service = service
grade-talk = propos
grade-note = note
grade-notice = notification
grade-service-says = entre opérateurs seulement
grade-talk-says = hors procès-verbal, niable
grade-note-says = formel, non signé
grade-notice-says = AU PROCÈS-VERBAL, signé
mark-EXERCISE = EXERCICE
mark-TEST = TEST
exercise-band = EXERCICE EXERCICE EXERCICE
stages = Étapes
stage-draft = projet
stage-released = autorisé
stage-sent = envoyé
stage-stored = conservé
stage-read = lu
stage-translated = traduit
stage-passed = transmis
stage-seen = vu
stage-answered = répondu
stage-declined = décliné
stage-not-now = pas maintenant
by-here = ici
by-there = là-bas
acknowledge-in = À accuser dans
they-acknowledge-in = Ils accusent réception dans
say-read = Accuser réception
say-passed = Remettre à un poste
say-seen = Vu par le responsable
say-answered = Répondu
say-not-now = Pas maintenant
say-declined = Décliner
passed-says = L’autre partie voit à quel poste il a été remis.
post = Poste
reply = Répondre
back = Retour
answered = a répondu il y a

# Writing
composer = Écrire
write = Écrire
write-here = Écrivez ici
text = Texte
to = à
cells = { $count ->
    [one] { $count } cellule
   *[other] { $count } cellules
  }
too-long = { $count } octets de trop
there-at = là-bas à
there-when-open = là-bas quand la ligne s’ouvrira
they-have = ils ont
send = Envoyer
being-sent = Envoi en cours
send-lost = Pas de réponse de la station. La demande est répétée ; le texte est envoyé une seule fois.

# The watch
nobody = personne
has-the-watch = { $initials } assure la veille depuis
unattended = Personne n’assure la veille
take-the-watch = Prendre la veille ({ $initials })
hand-over = Passer la veille
hand-over-to = À (initiales)
answer-drill = Répondre pour la veille
drills-wait = { $count ->
    [one] Un appel d’essai attend une réponse
   *[other] { $count } appels d’essai attendent une réponse
  }
sound = Son
sound-test = Essai du son
sound-says = Le pupitre sonne quand un FLASH ou un appel d’essai attend, quand un délai est écoulé, et quand quelque chose attend et que personne n’assure la veille.
sound-heard = Je l’ai entendu
sound-not-heard = Continuer sans son

# The page
tools = Outils
wall = Mur
cover = Couvrir
keys = Touches
lock = Verrouiller
panic = Panique
close = Fermer
language = Langue
screen-not-live = ÉCRAN FIGÉ
screen-not-live-why = Rien de la station depuis { $seconds } s. Ce qui est dessous est ancien.
waiting-for-station = En attente de la station
idle-soon = Personne n’a touché ce pupitre. Il se verrouille dans une minute.
key-help = Touches, langue, ce que fait cet outil
key-acknowledge = Accuser réception du message le plus urgent
key-write = Écrire sur la ligne choisie
key-answer = Répondre pour la veille
key-cover = Couvrir l’écran, et le découvrir
key-wall = Mur : les lignes seules, en grand
key-send = Envoyer ce qui est écrit
panic-says = Ceci efface le dépôt de cette station : toutes les lignes, les clés et les messages. Personne ne peut les rétablir.
panic-type = Tapez ERASE
panic-do = Tout effacer

# Signing in
sign-in = Se connecter
sign-in-again = Cette page a été rechargée. Connectez-vous de nouveau, ou ouvrez un nouveau lien.
operator-name = Opérateur
passphrase = Phrase secrète
passphrase-again = Phrase secrète, encore
passphrase-hint = Au moins 12 caractères. Personne ne peut la retrouver.
passphrases-differ = Les deux phrases diffèrent.
passphrase-old = Phrase secrète actuelle
passphrase-new = Nouvelle phrase secrète
change-passphrase = Changer ma phrase secrète
change-passphrase-says = Ce que vous avez d’ouvert à d’autres postes se ferme ; celui-ci reste le vôtre.
initials = Initiales
initials-hint = 1 à 4 lettres latines ou chiffres. L’autre partie les voit.
no-seat = Cette page n’a pas de place
no-seat-why = Le lien a servi, est trop vieux, ou il n’y en avait pas. Demandez-en un nouveau sur cette machine :
station-locked = Le dépôt de cette station est verrouillé. Sa phrase secrète l’ouvre.
station-passphrase = Phrase secrète de la station
unlock = Déverrouiller
step = Étape { $step } sur { $of }
go-on = Continuer
first-operator = Le premier opérateur
first-operator-says = Vous administrez cette station et pouvez ajouter les autres.

# What this is
about-does = Ce que cela fait
about-does-1 = À chaque ronde part la même cellule, que l’on parle ou non : personne au dehors ne sait si la ligne sert.
about-does-2 = « Conservé » n’est dit que lorsque le disque distant a le message. Rien ne se perd, rien n’arrive deux fois.
about-does-3 = Il est montré séparément que leur machine répond, et qu’une personne y veille.
about-does-4 = Les propos non signés sont niables : chaque partie seule aurait pu en fabriquer toute transcription.
about-not = Ce que cela ne fait pas
about-not-1 = Cela ne cache pas que cette machine participe. Sur une ligne directe, chacun voit que deux adresses échangent des trames.
about-not-2 = Cela ne protège pas de qui contrôle cette machine ou regarde cet écran.
about-not-3 = Cela n’oblige pas l’autre partie à garder un secret.
about-not-4 = Cela ne remplace pas la phrase secrète : qui l’oublie a perdu le dépôt.

# Pairing
pair-a-line = Apparier une ligne
pair-offer-says = Chaque partie fait une carte et la remet à l’autre en personne. Une carte est secrète jusqu’à la confirmation.
line-name = Nom de la ligne ici
pair-at = Où ils joignent cette machine
pair-at-hint = HÔTE:PORT, pour le lieu direct
pair-venue = Lieu
pair-venue-hint = Le début de son identifiant, pour une ligne par relais
pair-replace = Remplacer une carte faite auparavant
make-card = Faire ma carte
pair-card-says = Donnez-leur votre carte, prenez la leur.
my-card = Ma carte
their-card = Leur carte
save-file = Enregistrer dans un fichier
from-file = ou depuis un fichier, ou une photo de leur code QR
card-code = Ma carte en code QR
camera-scan = Lire avec la caméra
camera-off = Éteindre la caméra
camera-says = Tenez leur code QR devant la caméra.
seen-card = Leur carte a été lue.
seen-another = Ce n’est pas une carte.
seen-no-code = Aucun code QR n’a été trouvé dans cette image.
seen-no-camera = Aucune caméra n’est utilisable ici. Autorisez-la dans le navigateur, ou prenez une photo ou un fichier.
take-card = Prendre leur carte
check-says = Lisez-vous ce nombre à haute voix. Il doit être le même sur les deux écrans.
check-same = Le même : confirmer
check-differs = Il diffère : annuler
paired = Apparié. La ligne s’ouvre en quelques secondes :

# What the station refused
refusal-usage = La station ne comprend pas cela. Corrigez et réessayez.
refusal-malformed = C’est endommagé ou ce n’est pas ce qu’il faut.
refusal-out-of-range = C’est trop long ou trop grand.
refusal-not-found = Cela n’existe pas ici.
refusal-full = Le dépôt est plein. Rien n’a été gardé.
refusal-io = Le disque de la station est en défaut.
refusal-conflict = Quelqu’un a été plus rapide, ou cela ne se peut pas maintenant.
refusal-old = Ceci a été modifié depuis que vous l’avez lu. C’est affiché tel que c’est maintenant : lisez, puis décidez. Rien n’a été fait.
refusal-refused = Vous n’y êtes pas autorisé, ou le nom et la phrase secrète ne vont pas ensemble.
refusal-locked = Le dépôt est verrouillé.
refusal-no-station = La station ne répond pas.
refusal-other = La station n’a pas pu le faire.

# Operators
operators = Opérateurs
role = Rôle
role-officer = officier de veille
role-releaser = autorisateur
role-interpreter = interprète
role-principal = responsable
role-archivist = archiviste
role-admin = administrateur
every-line = toutes les lignes
new-operator = Un nouvel opérateur
add-operator = Ajouter
change-operator = Modifier
remove-operator = Retirer { $name }
change-ends-seats = Un changement ferme ce qu’il a d’ouvert au pupitre. Une phrase secrète vide reste inchangée.
back-to-new = Plutôt un nouveau

# Drafts
drafts = Projets
draft-private = pour son auteur seul
draft-offered = présenté
keep-draft = Garder en projet
offer = Présenter
offer-second = Présenter à un second officier
release = Autoriser
discard = Abandonner
change-draft-says = Une modification retire l’offre : les autres ne voient le nouveau texte que si vous l’offrez de nouveau.
draft-gone = Ce brouillon n’est plus là : il a été autorisé ou abandonné. Ce que vous avez écrit ici n’a pas été gardé.
waits-for-second = attend une seconde personne
to-release = À autoriser : { $count }
answers-a-message = Répond à un de leurs messages.
answers-none = Ne répond à aucun

# Translation
translation = Traduction
original-counts = L’original fait foi.
translate = Traduire
translate-anew = Retraduire
translated-by = traduit par
reviewed-by = revu par
certified-by = certifié par
review = Revu : c’est juste
certify = Certifier
keep = Garder

# Read-back
read-back = Relecture
read-back-asked = demandée
read-back-given = donnée
read-back-confirmed = confirmée
read-back-wrong = fausse
read-back-says = Qu’avez-vous compris ? L’expéditeur dit si c’est juste.
read-back-give = Relire
read-back-good = C’est juste
read-back-bad = C’est faux

# Files and search
send-file = Envoyer un fichier
file-says = Au plus 1 Mo, en ROUTINE. Il part dès qu’il est choisi.
file-never-shown = Le pupitre ne l’ouvre jamais.
search = Chercher sur cette ligne
found = { $count } trouvés

# Exercise
exercise-begin = Commencer un exercice
exercise-end = Finir l’exercice

# The protocol sheet
sheet = Fiche de protocole
sheet-says = Ce qu’il est convenu de dire sur cette ligne, dans les deux langues. Elle est gardée ici et n’est jamais envoyée.
sheet-none = Rien n’est encore convenu.
sheet-titles = Titres
sheet-salutations = Formules d’appel
sheet-phrases = Phrases convenues
sheet-code = Code
sheet-ours = Dans notre langue
sheet-theirs = Dans leur langue
sheet-by = Écrite par
change = Modifier
add-entry = Ajouter une entrée
remove-entry = Retirer
insert-says = Une pression le met dans le texte, là où est le curseur.

# Notes
notes = Notes de la veille
notes-says = Pour la veille suivante. Elles sont gardées ici et jamais envoyées ; les 100 plus récentes restent.
no-notes = Aucune note sur cette ligne.
new-note = Une nouvelle note

# The hand-over sheet
hand-over-sheet = Fiche de relève
as-of = Au
make-anew = Établir à nouveau
print = Imprimer
open-items = Demande encore quelqu’un
open-count = Encore en cours : { $count }
nothing-open = Rien n’est en cours.
lines-not-open = lignes non ouvertes :
first-clock = première échéance
line-history = Historique de la ligne
offered-drafts = Proposés à l’autorisation

# Practice
practice = ENTRAÎNEMENT
practise = S’entraîner
practise-says = S’entraîner sur la ligne factice intégrée
practice-says = Une ligne factice dans cette page. Rien n’est envoyé ni conservé ; un FLASH part ici sans second officier.
practice-leave = Quitter l’entraînement
practice-real-needs = Quelque chose attend sur vos vraies lignes, ou elles ne sont plus visibles. Quittez l’entraînement.
practice-far = L’autre côté :
far-answer = répond
far-drop = coupe la ligne
far-delay = tarde
far-ring = appelle : un essai
far-flash = envoie un FLASH d’exercice
practice-answer = Nous avons lu votre message et répondons à titre d’entraînement.
practice-flash = EXERCICE. Accusez réception dans les dix minutes.
