case $SCALE in
smoke | demo | small | paper) ;;
*)
  echo "$RECIPE: SCALE is smoke, demo, small or paper, not $SCALE" >&2
  exit 2 ;;
esac
