# Lines
lines = 线路
state-OPEN = 畅通
state-LATE = 迟延
state-DOWN = 中断
state-PAUSED = 暂停
state-LOCKED = 锁定
state-UNKNOWN = 不明
blame-this-machine = 问题在本机
blame-own-network = 问题在我方网络
blame-clock = 双方时钟不一致
blame-relay = { $named ->
    [yes] 问题在中继 { $number }（{ $operator }）
   *[no] 问题在中继 { $number }
  }
blame-their-machine-or-network = 问题在对方机器或网络
blame-their-watch = 对方值班无人应答
pairing-unfinished = 本方尚未完成配对
continuity-broken = 连续性中断：请用其他途径与对方核对这些数字组
continuity-refused = 连续性被拒绝：线路不传送任何内容
their-store-full = 对方存储已满
strip = 最近 { $all } 轮中有 { $opened } 轮已开启
rounds-opened = 已开启轮数
machine = 机器
watch = 值班
path = 路径
direct = 直达
healed = { $rounds } 轮前已自愈
sending = 传送中
waits-for-us = 等待我方
nothing-waits = 没有事项等待我方
more = 另有 { $count } 项
no-lines = 还没有线路。请与对方配对一条。
dummy-line = 练习线路
line = 线路
ring-them = 演练：请对方人员应答
drill-says = 演练会在对方值班处响铃。只有人手才能应答。
drill = 演练
details = 详情
carrier-down = 本机的载送程序未连接
store-full = 存储已满

# Ages
age-s = { $count } 秒
age-min = { $count } 分
age-h = { $count } 小时
age-d = { $count } 天
never = 从未

# Messages
messages = 消息
message = 消息
no-messages = 此线路没有消息。
pick-a-message = 请选择一条消息，或撰写一条。
fetching = 正在取文本
bytes = { $count } 字节
cut = （另有 { $count } 个字符未显示）
direction-in = 对方来
direction-out = 我方发
precedence = 等级
precedence-flash = 特急
precedence-immediate = 紧急
precedence-priority = 优先
precedence-routine = 常规
grade = 类别
grade-service = 勤务
grade-talk = 交谈
grade-note = 函
grade-notice = 通知
grade-service-says = 仅限操作员之间
grade-talk-says = 不记录在案，可否认
grade-note-says = 正式，不签名
grade-notice-says = 记录在案，已签名
mark-EXERCISE = 演习
mark-TEST = 测试
exercise-band = 演习 演习 演习
stages = 阶段
stage-draft = 草稿
stage-released = 已核发
stage-sent = 已发送
stage-stored = 已存储
stage-read = 已读
stage-translated = 已翻译
stage-passed = 已转交
stage-seen = 已阅
stage-answered = 已答复
stage-declined = 已谢绝
stage-not-now = 现在不便
by-here = 我方
by-there = 对方
acknowledge-in = 须确认，剩余
they-acknowledge-in = 对方须确认，剩余
say-read = 确认
say-passed = 转交职位
say-seen = 首长已阅
say-answered = 已答复
say-not-now = 现在不便
say-declined = 谢绝
passed-says = 对方会看到它转交给了哪个职位。
post = 职位
reply = 答复
back = 返回
answered = 上次应答

# Writing
composer = 撰写
write = 撰写
write-here = 在此撰写
text = 文本
to = 发往
cells = { $count } 个信元
too-long = 超长 { $count } 字节
there-at = 到达时间
there-when-open = 线路畅通后到达
they-have = 对方时限
send = 发送
being-sent = 正在发送
send-lost = 站点没有应答。正在重新询问；文本只会发送一次。

# The watch
nobody = 无人
has-the-watch = { $initials } 值班，始于
unattended = 无人值班
take-the-watch = 接班（{ $initials }）
hand-over = 交班
hand-over-to = 交给（缩写）
answer-drill = 代表值班应答
drills-wait = { $count } 次演练等待应答
sound = 声音
sound-test = 声音测试
sound-says = 有特急消息或演练等待、时限已到、或有事等待而无人值班时，本台会响铃。
sound-heard = 我听到了
sound-not-heard = 无声继续

# The page
tools = 工具
wall = 墙面
cover = 遮盖
keys = 按键
lock = 锁定
panic = 紧急销毁
close = 关闭
language = 语言
screen-not-live = 画面已停止更新
screen-not-live-why = 已有 { $seconds } 秒没有收到站点的消息。下面的内容是旧的。
waiting-for-station = 正在等待站点
idle-soon = 无人操作本台。一分钟内将锁定。
key-help = 按键、语言、功能说明
key-acknowledge = 确认最紧急的消息
key-write = 在所选线路上撰写
key-answer = 代表值班应答
key-cover = 遮盖画面与取消遮盖
key-wall = 墙面：仅显示线路，大字
key-send = 发送所写内容
panic-says = 这将销毁本站的存储：所有线路、密钥和消息。任何人都无法恢复。
panic-type = 输入 ERASE
panic-do = 全部销毁

# Signing in
sign-in = 登录
sign-in-again = 页面已重新加载。请再次登录，或打开新链接。
operator-name = 操作员
passphrase = 口令
passphrase-again = 再次输入口令
passphrase-hint = 至少 12 个字符。任何人都无法找回。
passphrases-differ = 两次口令不一致。
passphrase-old = 当前口令
passphrase-new = 新口令
change-passphrase = 更改我的口令
change-passphrase-says = 您在其他席位上打开的内容将结束；本席位仍归您使用。
initials = 姓名缩写
initials-hint = 1 至 4 个拉丁字母或数字。对方可以看到。
no-seat = 此页面没有席位
no-seat-why = 链接已使用、已过期，或根本没有链接。请在本机获取新链接：
station-locked = 本站存储已锁定。输入其口令即可打开。
station-passphrase = 站点口令
unlock = 解锁
step = 第 { $step } 步，共 { $of } 步
go-on = 继续
first-operator = 第一位操作员
first-operator-says = 您管理本站，并可添加其他人。

# What this is
about-does = 它做什么
about-does-1 = 每一轮都发送同样的信元，无论是否交谈：外人无法得知线路是否在使用。
about-does-2 = 只有对方磁盘已保存消息，才显示“已存储”。不会丢失，也不会重复。
about-does-3 = 分别显示对方机器有响应，以及对方有人值班。
about-does-4 = 未签名的交谈可以否认：任何一方都能单独伪造其记录。
about-not = 它不做什么
about-not-1 = 它不隐藏本机参与其中。在直达线路上，人人都能看到两个地址在交换帧。
about-not-2 = 它不能防备控制本机或窥视本屏的人。
about-not-3 = 它不能让对方保守秘密。
about-not-4 = 它不能代替口令：忘记口令即失去存储。

# Pairing
pair-a-line = 配对线路
pair-offer-says = 双方各制作一张卡，当面交给对方。在确认配对之前，卡是机密的。
line-name = 线路在本方的名称
pair-at = 对方如何到达本机
pair-at-hint = 主机:端口，用于直达场所
pair-venue = 场所
pair-venue-hint = 其标识的开头，用于经中继的线路
pair-replace = 替换先前制作的卡
make-card = 制作我方的卡
pair-card-says = 把您的卡交给对方，收下对方的卡。
my-card = 我方的卡
their-card = 对方的卡
save-file = 存为文件
from-file = 或从文件、或从对方二维码的图片
card-code = 我方卡片的二维码
camera-scan = 用摄像头扫描
camera-off = 关闭摄像头
camera-says = 请把对方的二维码放在摄像头前。
seen-card = 已读到对方的卡片。
seen-another = 这不是卡片。
seen-no-code = 这张图片中没有找到二维码。
seen-no-camera = 此处无法使用摄像头。请在浏览器中允许，或改用图片或文件。
take-card = 收下对方的卡
check-says = 请互相朗读这个数字。两边屏幕上必须相同。
check-same = 相同：确认
check-differs = 不同：取消
paired = 已配对。线路将在数秒内畅通：

# What the station refused
refusal-usage = 站点无法理解。请更正后重试。
refusal-malformed = 内容已损坏或不正确。
refusal-out-of-range = 太长或太大。
refusal-not-found = 这里没有此项。
refusal-full = 存储已满。没有保存任何内容。
refusal-io = 站点磁盘出现故障。
refusal-conflict = 有人抢先一步，或现在无法进行。
refusal-old = 您读过之后，它已被更改。现在显示的是目前的内容：请读后再决定。什么都没有执行。
refusal-refused = 您无权这样做，或姓名与口令不符。
refusal-locked = 存储已锁定。
refusal-no-station = 站点没有应答。
refusal-other = 站点未能完成。

# Operators
operators = 操作员
role = 角色
role-officer = 值班员
role-releaser = 核发人
role-interpreter = 译员
role-principal = 首长
role-archivist = 档案员
role-admin = 管理员
every-line = 所有线路
new-operator = 新操作员
add-operator = 添加
change-operator = 更改
remove-operator = 移除 { $name }
change-ends-seats = 更改会结束其在本台已打开的席位。口令留空则不变。
back-to-new = 改为新增

# Drafts
drafts = 草稿
draft-private = 仅起草人可见
draft-offered = 已提交
keep-draft = 存为草稿
offer = 提交
offer-second = 提交第二位值班员
release = 核发
discard = 丢弃
change-draft-says = 更改会收回提交：只有您再次提交，别人才看到新文字。
draft-gone = 该草稿已不在：已签发或已丢弃。您在此写的内容未保存。
waits-for-second = 等待第二人
to-release = 待核发：{ $count }
answers-a-message = 答复对方的一条消息。
answers-none = 并非答复

# Translation
translation = 译文
original-counts = 以原文为准。
translate = 翻译
translate-anew = 重新翻译
translated-by = 翻译
reviewed-by = 校对
certified-by = 认证
review = 已校对：正确
certify = 认证
keep = 保存

# Read-back
read-back = 复诵
read-back-asked = 已要求
read-back-given = 已复诵
read-back-confirmed = 已证实
read-back-wrong = 有误
read-back-says = 您如何理解？由发送方确认是否正确。
read-back-give = 复诵
read-back-good = 正确
read-back-bad = 有误

# Files and search
send-file = 发送文件
file-says = 最大 1 MB，按常规等级。选定后立即发送。
file-never-shown = 本台从不打开它。
search = 搜索此线路
found = 找到 { $count } 条

# Exercise
exercise-begin = 开始演习
exercise-end = 结束演习

# The protocol sheet
sheet = 礼宾单
sheet-says = 本线路上约定的说法，两种语言并列。只保存在这里，从不发送。
sheet-none = 尚无约定。
sheet-titles = 头衔
sheet-salutations = 称呼
sheet-phrases = 暗语
sheet-code = 代码
sheet-ours = 我方语言
sheet-theirs = 对方语言
sheet-by = 撰写人
change = 更改
add-entry = 添加一条
remove-entry = 移除
insert-says = 按一下即放入文中光标处。

# Notes
notes = 值班记事
notes-says = 留给下一班。只保存在这里，从不发送；保留最新的 100 条。
no-notes = 本线路没有记事。
new-note = 新记事

# The hand-over sheet
hand-over-sheet = 交班单
as-of = 截至
make-anew = 重新生成
print = 打印
open-items = 仍需有人处理
open-count = 仍未了结：{ $count }
nothing-open = 没有未了结的事项。
lines-not-open = 未开通的线路：
first-clock = 最早的时限
line-history = 线路记录
offered-drafts = 待签发

# Practice
practice = 练习
practise = 进行练习
practise-says = 在内置的练习线路上练习
practice-says = 这是本页面中的虚拟线路。不发送也不保存任何内容；在这里，特急 无需第二名值班员即可发出。
practice-leave = 结束练习
practice-real-needs = 您的真实线路上有事项等待处理，或无法看到这些线路。请结束练习。
practice-far = 对方：
far-answer = 回答
far-drop = 断开线路
far-delay = 延迟
far-ring = 呼叫：一次演练
far-flash = 发送演习 特急
practice-answer = 我们已阅读你们的消息，并在练习中作答。
practice-flash = 演习。请在十分钟内确认收到。
