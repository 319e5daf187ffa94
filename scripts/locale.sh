# Sourced by scripts that start Java or Maven: without a language, as in most containers, or with one that is not installed, Java would refuse
# every path that is not plain ASCII.
case "$(locale charmap 2>/dev/null || echo unknown)" in
  ANSI_X3.4-1968 | US-ASCII | unknown) export LC_ALL=C.UTF-8 ;;
esac
