#!/bin/sh
# A compiler that speaks as cl.exe does, for what clang-cl cannot show: languages, the banner, the name of the source,
# passes in libraries of their own. Its "object" is the text it read, so it depends on all of its inputs. It starts few
# programs, because a start takes longer than all else that it does.
banner='Microsoft (R) C/C++ Optimizing Compiler Version 19.29.30133 for x64'
here=${0%/*}
source='' object='' notes='' preprocess='' folders='' nologo='' all=''
for argument in "$@"; do
  case $argument in
    # A question to a script that may start another compiler. Nothing is compiled.
    '-###') exit 0 ;;
    --version) printf '%s\r\n' "$banner" >&2; exit 0 ;;
    @*) set -- $(iconv -f utf-16le -t utf-8 "${argument#@}" | tr -d '\357\273\277') ;;
  esac
done
while [ $# -gt 0 ]; do
  case $1 in
    /nologo) nologo=1 ;;
    /showIncludes) notes=1 ;;
    /E|/EP) preprocess=1 ;;
    /Fo*) object=${1#/Fo} ;;
    /FAc*) listing=1; suffix=cod ;;
    /FA*) listing=1 ;;
    /Fa*) listing=${1#/Fa} ;;
    /FR*|/Fr*) browse=${1#/F?} ;;
    /doc*) documentation=${1#/doc} ;;
    /sourceDependencies) dependencies=$2; shift ;;
    /I*) folders="$folders ${1#/I}" ;;
    /Tc*|/Tp*) source=${1#/T?} ;;
    *.c|*.cpp) source=$1 ;;
  esac
  case $1 in /showIncludes|/nologo|/Fo*) ;; *) all="$all $1" ;; esac
  shift
done
[ -n "$nologo" ] || printf '%s\r\n\r\n' "$banner" >&2
base=${source##*/}
[ -n "$preprocess" ] || [ -z "$SCRIPTED_LOG" ] || echo "$all" >> "$SCRIPTED_LOG"
prefix=${SCRIPTED_PREFIX:-'Note: including file:'}
case $VSLANG in 1031) prefix='Hinweis: Einlesen der Datei:' ;; esac
headers=''
while IFS= read -r line || [ -n "$line" ]; do
  case $line in '#include "'*) line=${line#*\"}; headers="$headers ${line%%\"*}" ;; esac
done < "$source"
case $source in */*) beside=${source%/*} ;; *) beside=. ;; esac
[ -n "$preprocess" ] || printf '%s\r\n' "$base"
text=''
for header in $headers; do
  for folder in $beside $folders; do
    [ -f "$folder/$header" ] || continue
    [ -z "$notes" ] || [ -n "$SCRIPTED_SILENT" ] || printf '%s%s%s\r\n' "$prefix" "${SCRIPTED_INDENT:- }" "$folder/$header"
    text="$text$(cat "$folder/$header")"
    break
  done
done
if [ -n "$preprocess" ]; then
  printf '#line 1 "%s"\n%s\n' "$source" "$text"; cat "$source"
  [ -z "$SCRIPTED_AFTER_PREPROCESSING" ] || sh -c "$SCRIPTED_AFTER_PREPROCESSING"
  exit 0
fi
code=$(cat "$source")
case $code in *'#error'*) printf '%s(1): fatal error C1189: #error\r\n' "$base"; exit 2 ;; esac
[ -z "$SCRIPTED_SAYS" ] || printf '%s\r\n' "$SCRIPTED_SAYS"
[ -n "$object" ] || object=${base%.*}.obj
case $object in */) object=$object${base%.*}.obj ;; esac
content="$text$code$all$(cat "$here/c1.dll")$INCLUDE"
[ -z "$SCRIPTED_IDLE" ] || exit 0
[ -n "$SCRIPTED_EMPTY" ] || printf '%s' "$content" > "$object"
[ -z "$SCRIPTED_EMPTY" ] || : > "$object"
stem=${base%.*}
[ -z "${listing+x}" ] || { name=$listing; [ "$name" != 1 ] || name=$stem.${suffix:-asm}; echo "listing $content" > "$name"; }
[ -z "${browse+x}" ] || echo "browse $content" > "${browse:-$stem.sbr}"
[ -z "${documentation+x}" ] || echo "doc $content" > "${documentation:-$stem.xdc}"
case $dependencies in '' | -) ;; */) echo "{}" > "$dependencies$base.json" ;; *) echo "{}" > "$dependencies" ;; esac
[ -z "$SCRIPTED_WHILE_RUNNING" ] || sh -c "$SCRIPTED_WHILE_RUNNING"
[ -z "$SCRIPTED_SIGNAL" ] || kill -s "$SCRIPTED_SIGNAL" $$
exit 0
