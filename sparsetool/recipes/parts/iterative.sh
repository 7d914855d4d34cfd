# Knobs of the iterative methods.
case $SCALE in
smoke) : "${MODEL:=mlp:40-20}" "${EPOCHS:=2}" "${RATE:=0.7}" ;; # dense and two levels
demo) : "${EPOCHS:=3}" ;;
small) : "${EPOCHS:=10}" "${SPARSITIES:=0.67 0.9 0.95}" "${SEEDS:=0 1 2}" ;;
photos) : "${SPARSITIES:=0.8 0.9 0.95 0.98}" ;;
paper)
  : "${DATA:=cifar10}" "${EPOCHS:=150}" "${SPARSITIES:=0.67 0.8 0.9 0.95 0.98}"
  : "${SEEDS:=0 1 2}" ;;
esac
: "${SPARSITIES:=0.9}" # that are reached exactly, ascending
: "${RATE:=0.2}"       # part of the survivors that a level prunes
: "${CYCLES:=1}"       # cycles at each level
