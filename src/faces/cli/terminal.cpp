#include "faces/cli/terminal.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <optional>
#include <ostream>

#include "desk/text.hpp"
#include "faces/cli/layout.hpp"
#include "wire/sizes.hpp"

namespace sw::faces {
namespace {

class File {
 public:
  explicit File(int descriptor) : x_descriptor(descriptor) {}
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File() {
    if (x_descriptor > STDERR_FILENO) ::close(x_descriptor);
  }
  [[nodiscard]] int get() const { return x_descriptor; }
  [[nodiscard]] bool open() const { return x_descriptor >= 0; }

 private:
  int x_descriptor;
};

volatile sig_atomic_t interrupted = 0;

/// Echo off while it lives; a Ctrl-C in between still leaves the terminal as it was.
class NoEcho {
 public:
  explicit NoEcho(int terminal) : x_terminal(terminal) {
    interrupted = 0;
    struct sigaction note{};
    note.sa_handler = [](int) { interrupted = 1; };
    sigaction(SIGINT, &note, &x_int);
    sigaction(SIGTERM, &note, &x_term);
    x_was_set = tcgetattr(terminal, &x_before) == 0;
    termios quiet = x_before;
    quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    if (x_was_set) x_was_set = tcsetattr(terminal, TCSAFLUSH, &quiet) == 0;
  }
  NoEcho(const NoEcho&) = delete;
  NoEcho& operator=(const NoEcho&) = delete;
  ~NoEcho() {
    if (x_was_set) tcsetattr(x_terminal, TCSAFLUSH, &x_before);
    sigaction(SIGINT, &x_int, nullptr);
    sigaction(SIGTERM, &x_term, nullptr);
  }
  [[nodiscard]] bool quiet() const { return x_was_set; }

 private:
  int x_terminal;
  termios x_before{};
  struct sigaction x_int{};
  struct sigaction x_term{};
  bool x_was_set = false;
};

std::unexpected<Failure> wrong(Errc code, std::string what) {
  return std::unexpected<Failure>(Error{code, std::move(what)});
}

void say(int terminal, std::string_view text) {
  [[maybe_unused]] const ssize_t n = ::write(terminal, text.data(), text.size());
}

/// Up to the line's end or the file's; never grows, so no unwiped copy is left behind.
Outcome<crypto::SecretBytes> read_line(int from) {
  Bytes line;
  line.reserve(kPassphraseLimit);
  std::optional<Failure> failure;
  for (;;) {
    std::uint8_t byte = 0;
    const ssize_t n = ::read(from, &byte, 1);
    if (n < 0 && errno == EINTR && interrupted == 0) continue;
    if (n < 0) failure = Failure(Error{Errc::io, interrupted != 0 ? "interrupted" : "the passphrase cannot be read"});
    if (n <= 0 || byte == '\n') break;
    if (line.size() == kPassphraseLimit) {
      failure = Failure(Error{Errc::out_of_range, "a passphrase is at most 1024 bytes"});
      break;
    }
    line.push_back(byte);
  }
  if (!line.empty() && line.back() == '\r') line.pop_back();
  crypto::SecretBytes out(std::move(line));
  if (failure) return std::unexpected<Failure>(std::move(*failure));
  if (out.empty()) return wrong(Errc::malformed, "the passphrase is empty");
  if (!is_utf8(as_text(out.view()))) return wrong(Errc::malformed, "the passphrase is not valid UTF-8");
  return out;
}

Outcome<crypto::SecretBytes> ask_secret(std::string_view prompt) {
  const File terminal(::open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC));
  if (!terminal.open()) return wrong(Errc::usage, "there is no terminal to ask on: give --passphrase-file FILE");
  const NoEcho no_echo(terminal.get());
  if (!no_echo.quiet()) return wrong(Errc::io, "the terminal cannot be kept from showing the passphrase");
  say(terminal.get(), prompt);
  auto out = read_line(terminal.get());
  say(terminal.get(), "\n");
  return out;
}

/// In the folder that a service manager makes for this process alone. Its owner is root and this user reads by an ACL,
/// whose mask looks as if the group could read.
bool is_credential(const std::string& path) {
  const char* folder = std::getenv("CREDENTIALS_DIRECTORY");
  return folder != nullptr && std::filesystem::path(path).parent_path() == folder;
}

bool same(const crypto::SecretBytes& a, const crypto::SecretBytes& b) {
  return std::ranges::equal(a.view(), b.view());
}

}  // namespace

Argument passphrase_option() {
  return option("--passphrase-file", "FILE", "Read the passphrase from this file's first line");
}

Outcome<crypto::SecretBytes> read_passphrase(const Args& args, const std::string& file_option,
                                             std::string_view prompt) {
  if (!args.has(file_option)) return ask_secret(prompt);
  const std::string path = args.text(file_option);
  const File file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.open()) return wrong(Errc::not_found, "the passphrase file " + shown(path) + " cannot be opened");
  struct stat about{};
  const mode_t forbidden = is_credential(path) ? S_IRWXO : S_IRWXG | S_IRWXO;
  if (fstat(file.get(), &about) == 0 && S_ISREG(about.st_mode) && (about.st_mode & forbidden) != 0) {
    return wrong(Errc::refused, "the passphrase file " + shown(path) + " can be read by others: chmod 600 it");
  }
  interrupted = 0;
  return read_line(file.get());
}

Outcome<crypto::SecretBytes> read_new_passphrase(const Args& args, const std::string& file_option,
                                                 std::string_view prompt) {
  auto first = read_passphrase(args, file_option, prompt);
  if (!first || args.has(file_option)) return first;
  auto again = ask_secret("The same once more: ");
  if (!again) return again;
  if (!same(*first, *again)) return wrong(Errc::usage, "the two passphrases differ: nothing was changed");
  return first;
}

bool at_a_terminal() {
  return isatty(STDIN_FILENO) == 1;
}

TerminalSize terminal_size() {
  winsize found{};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &found) != 0 || found.ws_col == 0 || found.ws_row == 0) return {};
  return {found.ws_col, found.ws_row};
}

Outcome<std::string> ask(std::string_view prompt) {
  if (!at_a_terminal()) return wrong(Errc::usage, "there is no terminal to ask on: give --yes");
  say(STDERR_FILENO, prompt);
  std::string out;
  char c = 0;
  while (out.size() < kPassphraseLimit && ::read(STDIN_FILENO, &c, 1) == 1 && c != '\n') out.push_back(c);
  return out;
}

Outcome<std::string> read_text(const std::string& file, std::size_t limit) {
  const bool standard = file == "-";
  const File from(standard ? STDIN_FILENO : ::open(file.c_str(), O_RDONLY | O_CLOEXEC));
  if (!from.open()) return wrong(Errc::not_found, shown(file) + " cannot be opened: " + std::strerror(errno));
  std::string out;
  std::string piece(64 * 1024, '\0');
  for (;;) {
    const ssize_t n = ::read(from.get(), piece.data(), piece.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return wrong(Errc::io, "the text cannot be read: " + std::string(std::strerror(errno)));
    if (n == 0) break;
    out.append(piece, 0, static_cast<std::size_t>(n));
    if (out.size() > limit) {
      return wrong(Errc::out_of_range, "the text is longer than " + std::to_string(limit) + " bytes: send it in parts");
    }
  }
  return out;
}

Outcome<std::string> read_message(const Context& context, const Args& args) {
  const std::string file = args.has("--file") ? args.text("--file") : "-";
  if (file == "-" && at_a_terminal()) context.err << "Type the message; end it with Ctrl-D.\n";
  auto text = read_text(file, wire::kMessageLimit);
  if (!text) return text;
  if (const auto fits = desk::check_text(*text); !fits) return std::unexpected<Failure>(fits.error());
  return text;
}

Result<void> write_new_file(const std::string& file, ByteView bytes) {
  const File to(::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, S_IRUSR | S_IWUSR));
  if (!to.open() && errno == EEXIST)
    return fail(Errc::conflict, shown(file) + " is there already: choose another name");
  if (!to.open()) return fail(Errc::io, shown(file) + " cannot be made: " + std::strerror(errno));
  while (!bytes.empty()) {
    const ssize_t n = ::write(to.get(), bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return fail(Errc::io, shown(file) + " cannot be written: " + std::strerror(errno));
    bytes = bytes.subspan(static_cast<std::size_t>(n));
  }
  return {};
}

}  // namespace sw::faces
