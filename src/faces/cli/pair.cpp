// pair offer, accept, check, confirm, cancel.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <optional>
#include <ostream>
#include <utility>

#include "faces/api/request.hpp"
#include "faces/cli/command.hpp"
#include "faces/cli/fields.hpp"
#include "faces/cli/layout.hpp"
#include "faces/cli/qr.hpp"
#include "faces/cli/terminal.hpp"

namespace sw::faces {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kCardTextLimit = 4096;
constexpr std::string_view kCardPrefix = "SW1-CARD:";

/// A card's file, made before the card is asked for, so that no offer is spent on a full or forbidden folder.
class CardFile {
 public:
  static Outcome<CardFile> create(const std::string& path, bool replace) {
    const int flags = O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW | (replace ? O_TRUNC : O_EXCL);
    const int descriptor = ::open(path.c_str(), flags, S_IRUSR | S_IWUSR);
    if (descriptor >= 0 && fchmod(descriptor, S_IRUSR | S_IWUSR) == 0) return CardFile(path, descriptor);
    if (descriptor >= 0) ::close(descriptor);
    const int why = errno;
    const std::string name = shown(path);
    if (why == EEXIST) return std::unexpected<Failure>(Error{Errc::conflict, name + " is there already"});
    return std::unexpected<Failure>(Error{Errc::io, name + " cannot be written: " + std::strerror(why)});
  }
  CardFile(CardFile&& other) noexcept
      : x_path(std::move(other.x_path)), x_descriptor(std::exchange(other.x_descriptor, -1)), x_keep(other.x_keep) {}
  CardFile(const CardFile&) = delete;
  CardFile& operator=(const CardFile&) = delete;
  ~CardFile() {
    if (x_descriptor < 0) return;
    ::close(x_descriptor);
    if (!x_keep) unlink(x_path.c_str());
  }

  Outcome<void> write(const std::string& card) {
    const std::string line = card + "\n";
    const ssize_t n = ::write(x_descriptor, line.data(), line.size());
    x_keep = n == static_cast<ssize_t>(line.size()) && fsync(x_descriptor) == 0;
    if (x_keep) return {};
    return std::unexpected<Failure>(Error{Errc::io, "the card cannot be written: offer again with --replace"});
  }

 private:
  CardFile(std::string path, int descriptor) : x_path(std::move(path)), x_descriptor(descriptor) {}
  std::string x_path;
  int x_descriptor;
  bool x_keep = false;
};

Outcome<int> offer(const Context& context, const Args& args) {
  if (!args.has("--out") && !args.has("--qr")) return give_up(64, "say where the card goes: --out CARD, or --qr");
  if (!args.has("--at") && !args.has("--venue")) {
    return give_up(64, "say how they reach us: --at HOST:PORT, or --venue ID for a venue of relays");
  }
  Json body{{"line", args.text("--line")}, {"at", args.all("--at")}, {"replace", args.has("--replace")}};
  if (args.has("--venue")) body["venues"] = args.all("--venue");
  if (args.has("--round-ms")) body["round_ms"] = args.number("--round-ms", 0);
  std::optional<CardFile> file;
  if (args.has("--out")) {
    auto made = CardFile::create(args.text("--out"), args.has("--replace"));
    if (!made) return std::unexpected(made.error());
    file.emplace(std::move(*made));
  }
  const auto answer = Client(context.home).post("pair/offer", body);
  if (!answer) return std::unexpected(answer.error());
  const std::string card = text_of(*answer, "card");
  if (file) {
    if (auto written = file->write(card); !written) return std::unexpected(written.error());
  }
  if (context.json) {
    context.print(*answer);
    return 0;
  }
  if (args.has("--qr")) context.out << qr_text(card, context.terminal);
  if (file) context.out << "card written to " << shown(args.text("--out")) << "\n";
  context.out << "Hand it over in person, then accept theirs: stillwire pair accept --line "
              << shown(args.text("--line")) << " CARD\n";
  return 0;
}

std::string trimmed(std::string text) {
  const auto blank = " \t\r\n";
  text.erase(text.find_last_not_of(blank) + 1);
  return text.erase(0, std::min(text.find_first_not_of(blank), text.size()));
}

void print_check(const Context& context, const Args& args, const Json& answer) {
  if (context.json) return context.print(answer);
  context.out << groups_text(field(answer, "check")) << "\n";
  if (flag_of(answer, "confirmed_here")) {
    context.out << "confirmed here\n";
    return;
  }
  context.out << "Both screens must show the same six groups. If they do: stillwire pair confirm --line "
              << shown(args.text("--line")) << "\n";
}

Outcome<int> accept(const Context& context, const Args& args) {
  std::string card = args.text("CARD");
  if (!card.starts_with(kCardPrefix)) {
    auto read = read_text(card, kCardTextLimit);
    if (!read) return std::unexpected(read.error());
    card = std::move(*read);
  }
  card = trimmed(std::move(card));
  if (!is_utf8(card)) return std::unexpected<Failure>(Error{Errc::malformed, "this file is no pairing card"});
  const auto answer = Client(context.home).post("pair/accept", {{"line", args.text("--line")}, {"card", card}});
  if (!answer) return std::unexpected(answer.error());
  print_check(context, args, *answer);
  return 0;
}

Outcome<int> check(const Context& context, const Args& args) {
  const auto answer = Client(context.home).get("pair/check?line=" + percent_encoded(args.text("--line")));
  if (!answer) return std::unexpected(answer.error());
  print_check(context, args, *answer);
  return 0;
}

Outcome<int> simple(const Context& context, const Args& args, std::string_view call, std::string_view done) {
  const auto answer = Client(context.home).post(call, {{"line", args.text("--line")}});
  if (!answer) return std::unexpected(answer.error());
  if (context.json) {
    context.print(*answer);
  } else {
    context.out << done << "\n";
  }
  return 0;
}

Outcome<int> confirm(const Context& context, const Args& args) {
  return simple(context, args, "pair/confirm", "confirmed here; the line opens once they have confirmed too");
}

Outcome<int> cancel(const Context& context, const Args& args) {
  return simple(context, args, "pair/cancel", "cancelled; the card is void");
}

}  // namespace

void add_pair_commands(std::vector<Command>& table) {
  const Argument line = option("--line", "NAME", "The line's name on this station").needed();
  table.push_back(
      {"pair offer",
       "Make a card to hand over in person",
       {line, option("--at", "HOST:PORT", "Where their carrier reaches ours (up to 4)").repeated(),
        option("--venue", "ID", "A venue of relays; its id, or how it begins").repeated(),
        option("--round-ms", "N", "Length of a round in milliseconds").counted(),
        option("--out", "FILE", "Write the card here, mode 0600"), flag("--qr", "Show the card as a QR code"),
        flag("--replace", "Void the offer made before, and its file")},
       offer});
  table.push_back({"pair accept",
                   "Take their card",
                   {line, positional("CARD", "Their card: a file, its text, or - for standard input").needed()},
                   accept});
  table.push_back({"pair check", "Show the check number, the same on both sides", {line}, check});
  table.push_back({"pair confirm", "Say that both check numbers are the same", {line}, confirm});
  table.push_back({"pair cancel", "Give a pairing up; the card is void", {line}, cancel});
}

}  // namespace sw::faces
