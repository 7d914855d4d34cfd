numbers='^[0-9.[:space:]]*$' # of these knobs bash and awk compute, so they must be nothing else
for knob in BASELINES BUDGETS CYCLES EPOCHS EXAMPLES INITIAL MAIN MARGIN NOISE PEAK PERTURB POINTS \
  RATE SEEDS SPAN SPARSITIES SPARSITY START TIMES WARM; do
  if [[ ! ${!knob-} =~ $numbers ]]; then
    echo "$RECIPE: $knob is one number or several, not '${!knob}'" >&2
    exit 2
  fi
done
case $SCALE in
smoke | demo | small | paper) ;;
photos) # photographs in hours on two cores: CIFAR-10 averaged to 16x16, a quarter of the work
  # A rate of 0.1 is the paper's, for batches of 512 in 150 epochs. Ten epochs of those would be 980
  # steps; batches of 128 make 3910. The rate stays, as He et al. (2016) train ResNet20 on CIFAR-10
  # with 0.1 and batches of 128: chosen beforehand, tuned on nothing.
  : "${DATA:=cifar10:16}" "${EPOCHS:=10}" "${BATCH:=128}" "${SEEDS:=0 1 2}" ;;
*)
  echo "$RECIPE: SCALE is smoke, demo, small, photos or paper, not $SCALE" >&2
  exit 2 ;;
esac
