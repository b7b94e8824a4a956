"""What the demonstration and the tests say on the line: plain paragraphs of our own, one a language, and the historic test line."""
FOX = "THE QUICK BROWN FOX JUMPED OVER THE LAZY DOG'S BACK 1234567890"

PARAGRAPHS = {
    "English": "Our exercise begins at 06:00 UTC and stays inside its announced area. If one of your radars sees more than three aircraft there, "
               "please ask on this line before anybody draws a conclusion.",
    "Arabic": "تبدأ مناورتنا في الساعة السادسة صباحاً بالتوقيت العالمي وتبقى داخل المنطقة المعلنة. إذا رأت راداراتكم أكثر من ثلاث طائرات هناك، "
              "فنرجو أن تسألونا عبر هذا الخط قبل أن يستنتج أحد شيئاً.",
    "Russian": "Наше учение начинается в 06:00 по всемирному времени и не выходит за объявленный район. Если ваши радары увидят там больше трёх "
               "самолётов, просим спросить по этой линии, прежде чем делать выводы.",
    "Chinese": "我方演习于协调世界时六时开始，不会超出已通报的区域。如果贵方雷达在该区域发现三架以上飞机，请先通过本线路询问，再作判断。",
    "French": "Notre exercice commence à 06 h 00 UTC et reste dans la zone annoncée. Si l’un de vos radars y voit plus de trois avions, "
              "veuillez nous interroger sur cette ligne avant d’en tirer la moindre conclusion.",
    "Spanish": "Nuestro ejercicio comienza a las 06:00 UTC y no sale de la zona anunciada. Si alguno de sus radares ve allí más de tres aviones, "
               "les rogamos que pregunten por esta línea antes de sacar conclusiones.",
}


def long_text(size=20_000):
    """Numbered sentences, `size` bytes exactly."""
    out, n = "", 0
    while len(out) < size:
        n += 1
        out += f"{n}. The convoy passes point {n % 97} at {n % 24:02d}:{n % 60:02d} UTC, twelve vehicles, white, lights on. "
    return out[:size]
